// Asks a local Lambda by the official SDK, as it comes, and prints what it saw.
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'

const settings = {
  endpoint: process.argv[2],
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
}
const lambda = new LambdaClient(settings)

async function ask(FunctionName, payload, options = {}) {
  try {
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: payload, ...options }))
    return {
      status: answer.StatusCode,
      version: answer.ExecutedVersion,
      fault: answer.FunctionError,
      payload: answer.Payload?.transformToString() ?? '',
      log: answer.LogResult && Buffer.from(answer.LogResult, 'base64').toString(),
    }
  } catch (error) {
    return { error: error.name, status: error.$metadata?.httpStatusCode, message: error.message }
  }
}

const message = process.argv[3]
const answered = await ask('relay-opener', message, { LogType: 'Tail' })
const logs = new CloudWatchLogsClient(settings)
const told = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/relay-opener' }))
const seen = {
  answered,
  queued: await ask('relay-opener', message, { InvocationType: 'Event' }),
  tried: await ask('relay-opener', message, { InvocationType: 'DryRun' }),
  faulty: await ask('relay-opener', '[1]'),
  missing: await ask('relay-nobody', '{}'),
  noJson: await ask('relay-opener', '{'),
  tooLarge: await ask('relay-opener', JSON.stringify('x'.repeat(6_291_556))),
  logged: told.events.map((event) => event.message),
}
console.log(JSON.stringify(seen))
