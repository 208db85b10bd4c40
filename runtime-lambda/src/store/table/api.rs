//! The wire API of DynamoDB, as far as a store needs it: JSON 1.0 over POST.

use bytes::Bytes;
use http::{Request, StatusCode};
use peer_contract_core::Problem;
use serde_json::{Value, json};

use super::super::failed;
use super::super::wire::{Reply, Verdict, Wire, misplaced};
use super::item::{Item, Name};

/// One table.
pub(super) struct Table {
    pub(super) wire: Wire,
    pub(super) url: String,
    pub(super) name: String,
}

/// What became of a conditional request.
pub(super) enum Conditional {
    Done,
    /// The condition did not hold; what lay there, if anything did.
    Refused {
        found: Option<Item>,
        in_doubt: bool,
    },
}

/// What must hold.
#[derive(Clone, Copy)]
pub(super) enum Condition<'a> {
    Absent,
    Is(&'a str),
}

impl Condition<'_> {
    fn write_to(self, request: &mut Value) {
        match self {
            Self::Absent => {
                request["ConditionExpression"] = json!("attribute_not_exists(#c)");
                request["ExpressionAttributeNames"] = json!({ "#c": "key" });
            }
            Self::Is(version) => {
                request["ConditionExpression"] = json!("#c = :c");
                request["ExpressionAttributeNames"] = json!({ "#c": "version" });
                request["ExpressionAttributeValues"] = json!({ ":c": { "S": version } });
            }
        }
        request["ReturnValuesOnConditionCheckFailure"] = json!("ALL_OLD");
    }
}

impl Table {
    pub(super) async fn get(&self, name: &Name) -> Result<Option<Item>, Problem> {
        let request = json!({ "Key": name.to_json(), "ConsistentRead": true });
        let answer = self.ask("GetItem", request).await?;
        answer.get("Item").map(Item::read).transpose()
    }

    pub(super) async fn put(&self, item: &Item, condition: Condition<'_>) -> Result<Conditional, Problem> {
        let mut request = json!({ "Item": item.to_json() });
        condition.write_to(&mut request);
        self.conditional("PutItem", request).await
    }

    /// Removes an item, if it is still of this version where one is given.
    pub(super) async fn delete(&self, name: &Name, version: Option<&str>) -> Result<(), Problem> {
        let mut request = json!({ "Key": name.to_json() });
        if let Some(version) = version {
            Condition::Is(version).write_to(&mut request);
        }
        self.conditional("DeleteItem", request).await.map(drop)
    }

    /// All items of a work, or of all works whose names begin so; without their bytes.
    pub(super) async fn list(&self, of: Listed<'_>) -> Result<Vec<Item>, Problem> {
        let mut request = json!({
            "ConsistentRead": true,
            "ProjectionExpression": "#w, #k, #v, #s, #m, #p",
            "ExpressionAttributeNames":
                { "#w": "work", "#k": "key", "#v": "version", "#s": "size", "#m": "modified", "#p": "part" },
        });
        let (action, start) = match of {
            Listed::Work(work) => {
                request["KeyConditionExpression"] = json!("#w = :w");
                ("Query", work)
            }
            Listed::Beginning(start) => {
                request["FilterExpression"] = json!("begins_with(#w, :w)");
                ("Scan", start)
            }
        };
        request["ExpressionAttributeValues"] = json!({ ":w": { "S": start } });
        let mut items = Vec::new();
        loop {
            let mut answer = self.ask(action, request.clone()).await?;
            // What is no record was not written by a store.
            items.extend(answer["Items"].as_array().into_iter().flatten().filter_map(|item| Item::read(item).ok()));
            match answer["LastEvaluatedKey"].take() {
                Value::Null => return Ok(items),
                last => request["ExclusiveStartKey"] = last,
            }
        }
    }

    async fn ask(&self, action: &str, request: Value) -> Result<Value, Problem> {
        let reply = self.send(action, request).await?;
        if reply.head.status != StatusCode::OK {
            return Err(self.refused(action, &reply));
        }
        serde_json::from_slice(&reply.body).map_err(|_| failed("DynamoDB answered with what is no JSON"))
    }

    async fn conditional(&self, action: &str, request: Value) -> Result<Conditional, Problem> {
        let reply = self.send(action, request).await?;
        if reply.head.status == StatusCode::OK {
            return Ok(Conditional::Done);
        }
        if kind_of(&reply.body) != "ConditionalCheckFailedException" {
            return Err(self.refused(action, &reply));
        }
        let answer: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let found = answer.get("Item").map(Item::read).transpose()?;
        Ok(Conditional::Refused { found, in_doubt: reply.in_doubt })
    }

    async fn send(&self, action: &str, mut request: Value) -> Result<Reply, Problem> {
        request["TableName"] = json!(self.name);
        let request = Request::post(&self.url)
            .header("x-amz-target", format!("DynamoDB_20120810.{action}"))
            .header(http::header::CONTENT_TYPE, "application/x-amz-json-1.0")
            .body(Bytes::from(request.to_string()))
            .map_err(|_| failed("a request to DynamoDB could not be made"))?;
        self.wire.send(&request, judge).await
    }

    fn refused(&self, action: &str, reply: &Reply) -> Problem {
        let (table, status) = (&self.name, reply.head.status.as_u16());
        match kind_of(&reply.body).as_str() {
            "ResourceNotFoundException" => {
                misplaced(format!("there is no table `{table}` in `{}`", self.wire.region())).with_help(TABLE)
            }
            "AccessDeniedException" => misplaced(format!("DynamoDB refuses `dynamodb:{action}` on table `{table}`"))
                .with_help(format!("allow `dynamodb:{action}` on `arn:aws:dynamodb:*:*:table/{table}`")),
            kind @ ("UnrecognizedClientException"
            | "InvalidSignatureException"
            | "ExpiredTokenException"
            | "MissingAuthenticationTokenException") => {
                misplaced(format!("DynamoDB does not accept the AWS credentials ({kind})"))
            }
            "ValidationException" => {
                misplaced(format!("table `{table}` does not have the keys of a store")).with_help(TABLE)
            }
            kind => failed(format!("DynamoDB answered `dynamodb:{action}` with status {status} {kind}")),
        }
    }
}

/// Which items are listed.
#[derive(Clone, Copy)]
pub(super) enum Listed<'a> {
    Work(&'a str),
    Beginning(&'a str),
}

const TABLE: &str = "a table for a store has the partition key `work` and the sort key `key`, both texts (`S`)";

/// The word of an error: `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`; empty without one.
fn kind_of(body: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let kind = answer["__type"].as_str().and_then(|kind| kind.rsplit('#').next()).unwrap_or_default();
    kind.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Whether another try may help.
fn judge(status: StatusCode, body: &[u8]) -> Verdict {
    match (status.as_u16(), kind_of(body).as_str()) {
        (
            _,
            "ProvisionedThroughputExceededException"
            | "ThrottlingException"
            | "RequestLimitExceeded"
            | "TransactionConflictException"
            | "LimitExceededException"
            | "TransactionInProgressException",
        )
        | (429, _) => Verdict::Again,
        (500..=599, _) => Verdict::Unknown,
        _ => Verdict::Final,
    }
}
