//! The questions of CloudWatch Logs that are answered here, and their answers; member names are those of its API.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::pattern::Pattern;
use super::{Group, Line, Logs};

/// Lines of one answer, unless less are asked for.
const PAGE: usize = 10_000;
/// Bytes of lines in one answer.
const PAGE_BYTES: usize = 1 << 20;
const ARN: &str = "arn:aws:logs:us-east-1:000000000000:log-group";

/// Why there is no answer: the name of the exception and its message.
pub(super) type Refused = (&'static str, String);

/// The members of all requests; each uses its own.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Request {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_group_name_prefix: Option<String>,
    log_stream_name: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    filter_pattern: Option<String>,
    start_time: Option<u64>,
    end_time: Option<u64>,
    start_from_head: Option<bool>,
    limit: Option<usize>,
    next_token: Option<String>,
}

impl Logs {
    pub(super) fn describe_groups(&self, request: &Request) -> Value {
        let prefix = request.log_group_name_prefix.as_deref().unwrap_or_default();
        let groups = self.groups();
        let found = groups.iter().filter(|(name, _)| name.starts_with(prefix)).map(|(name, group)| {
            json!({
                "logGroupName": name, "creationTime": group.created_ms, "storedBytes": group.bytes,
                "arn": format!("{ARN}:{name}:*"), "logGroupArn": format!("{ARN}:{name}"), "metricFilterCount": 0,
            })
        });
        json!({ "logGroups": found.collect::<Vec<_>>() })
    }

    pub(super) fn describe_streams(&self, request: &Request) -> Result<Value, Refused> {
        let prefix = request.log_stream_name_prefix.as_deref().unwrap_or_default();
        self.in_group(request, |name, group| {
            let mut streams = BTreeMap::<&str, (u64, u64)>::new();
            for line in group.lines.iter().filter(|line| line.stream.starts_with(prefix)) {
                streams.entry(&line.stream).or_insert((line.at_ms, 0)).1 = line.at_ms;
            }
            let told = streams.into_iter().map(|(stream, (first, last))| {
                json!({
                    "logStreamName": stream, "creationTime": first, "firstEventTimestamp": first,
                    "lastEventTimestamp": last, "lastIngestionTime": last, "storedBytes": 0,
                    "arn": format!("{ARN}:{name}:log-stream:{stream}"),
                })
            });
            Ok(json!({ "logStreams": told.collect::<Vec<_>>() }))
        })
    }

    /// From the oldest line on; `nextToken` is there as long as more lines may fit.
    pub(super) fn filter_events(&self, request: &Request) -> Result<Value, Refused> {
        let pattern = Pattern::read(request.filter_pattern.as_deref().unwrap_or_default());
        let pattern = pattern.map_err(|message| ("InvalidParameterException", message))?;
        let streams = request.streams();
        self.in_group(request, |_, group| {
            let from = request.position()?;
            let fits = |line: &&Line| request.holds(line, &streams) && pattern.fits(&line.text);
            let mut page = page(group.lines.iter().filter(|line| line.number >= from).filter(fits), request.limit);
            let more = page.split_off_rest();
            let told = page.lines.iter().map(|line| {
                json!({
                    "logStreamName": &*line.stream, "timestamp": line.at_ms, "ingestionTime": line.at_ms,
                    "message": line.text, "eventId": format!("{:056}", line.number),
                })
            });
            let mut answer = json!({ "events": told.collect::<Vec<_>>(), "searchedLogStreams": [] });
            if let Some(number) = more {
                answer["nextToken"] = number.to_string().into();
            }
            Ok(answer)
        })
    }

    /// The lines of one stream, the newest ones unless the head is asked for.
    pub(super) fn get_events(&self, request: &Request) -> Result<Value, Refused> {
        let streams = request.streams();
        self.in_group(request, |_, group| {
            let from = request.position()?;
            let fits = |line: &&Line| line.number >= from && request.holds(line, &streams);
            let all = group.lines.iter().filter(fits);
            let from_head = request.start_from_head == Some(true) || request.next_token.is_some();
            let limit = request.limit.unwrap_or(PAGE).clamp(1, PAGE);
            let skipped = if from_head { 0 } else { all.clone().count().saturating_sub(limit) };
            let mut page = page(all.skip(skipped), request.limit);
            let next = page.split_off_rest().unwrap_or(group.next);
            let told = page
                .lines
                .iter()
                .map(|line| json!({ "timestamp": line.at_ms, "ingestionTime": line.at_ms, "message": line.text }));
            let events: Vec<_> = told.collect();
            Ok(json!({ "events": events, "nextForwardToken": next.to_string(), "nextBackwardToken": from.to_string() }))
        })
    }

    fn in_group<T>(
        &self,
        request: &Request,
        ask: impl FnOnce(&str, &Group) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        let named = request.log_group_name.as_deref().or(request.log_group_identifier.as_deref());
        let name = named.ok_or_else(|| ("InvalidParameterException", "logGroupName is missing".to_owned()))?;
        let name =
            name.strip_prefix(ARN).and_then(|rest| rest.strip_prefix(':')).unwrap_or(name).trim_end_matches(":*");
        let groups = self.groups();
        let missing = || ("ResourceNotFoundException", "The specified log group does not exist.".to_owned());
        ask(name, groups.get(name).ok_or_else(missing)?)
    }
}

impl Request {
    /// The streams that are asked for; none means all.
    fn streams(&self) -> Vec<&str> {
        let named = self.log_stream_names.iter().flatten().map(String::as_str);
        named.chain(self.log_stream_name.as_deref()).collect()
    }

    fn holds(&self, line: &Line, streams: &[&str]) -> bool {
        (streams.is_empty() || streams.contains(&&*line.stream))
            && self.log_stream_name_prefix.as_deref().is_none_or(|prefix| line.stream.starts_with(prefix))
            && self.start_time.is_none_or(|start| line.at_ms >= start)
            && self.end_time.is_none_or(|end| line.at_ms <= end)
    }

    /// Number of the first line of this page.
    fn position(&self) -> Result<u64, Refused> {
        let Some(token) = &self.next_token else { return Ok(0) };
        token.parse().map_err(|_| ("InvalidParameterException", "The specified nextToken is invalid.".to_owned()))
    }
}

/// The lines of one answer and, at its end, the first line that has no room in it.
struct Page<'a> {
    lines: Vec<&'a Line>,
    limit: usize,
}

fn page<'a>(lines: impl Iterator<Item = &'a Line>, limit: Option<usize>) -> Page<'a> {
    let limit = limit.unwrap_or(PAGE).clamp(1, PAGE);
    Page { lines: lines.take(limit + 1).collect(), limit }
}

impl Page<'_> {
    /// Cuts what has no room; the number of its first line.
    fn split_off_rest(&mut self) -> Option<u64> {
        let mut bytes = 0;
        let fits = |line: &&&Line| {
            bytes += line.text.len();
            bytes <= PAGE_BYTES
        };
        // One line always fits: none is longer than the pieces that long lines arrive in.
        let room = self.lines.iter().take(self.limit).take_while(fits).count().max(1);
        let rest = self.lines.get(room).map(|line| line.number);
        self.lines.truncate(room);
        rest
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn logs() -> Logs {
        let logs = Logs::default();
        logs.open("ranker");
        let streams: [Arc<str>; 2] = ["a".into(), "b".into()];
        for number in 0..25 {
            logs.write("/aws/lambda/ranker", &streams[number % 2], &format!("line {number}"));
        }
        logs
    }

    fn asked(members: Value) -> Request {
        let mut request: Request = serde_json::from_value(members).unwrap();
        request.log_group_name.get_or_insert_with(|| "/aws/lambda/ranker".to_owned());
        request
    }

    fn messages(answer: &Value) -> Vec<&str> {
        answer["events"].as_array().unwrap().iter().map(|event| event["message"].as_str().unwrap()).collect()
    }

    #[test]
    fn pages_follow_one_another_without_gap_or_repeat() {
        let logs = logs();
        let (mut seen, mut token) = (Vec::new(), Value::Null);
        loop {
            let answer = logs.filter_events(&asked(json!({ "limit": 4, "nextToken": token }))).unwrap();
            seen.extend(messages(&answer).into_iter().map(str::to_owned));
            match answer.get("nextToken") {
                Some(next) => token = next.clone(),
                None => break,
            }
        }
        assert_eq!(seen, (0..25).map(|number| format!("line {number}")).collect::<Vec<_>>());
    }

    #[test]
    fn one_stream_gives_its_newest_lines_or_its_first() {
        let logs = logs();
        let newest = logs.get_events(&asked(json!({ "logStreamName": "b", "limit": 2 }))).unwrap();
        assert_eq!(messages(&newest), ["line 21", "line 23"]);
        let first =
            logs.get_events(&asked(json!({ "logStreamName": "b", "limit": 2, "startFromHead": true }))).unwrap();
        assert_eq!(messages(&first), ["line 1", "line 3"]);
        let token = &first["nextForwardToken"];
        let second = logs.get_events(&asked(json!({ "logStreamName": "b", "limit": 2, "nextToken": token }))).unwrap();
        assert_eq!(messages(&second), ["line 5", "line 7"]);
    }

    #[test]
    fn a_page_ends_before_it_is_too_large() {
        let logs = Logs::default();
        logs.open("ranker");
        (0..40).for_each(|_| logs.write("/aws/lambda/ranker", &"s".into(), &"x".repeat(60_000)));
        let answer = logs.filter_events(&asked(json!({}))).unwrap();
        assert_eq!((messages(&answer).len(), answer["nextToken"].as_str()), (17, Some("17")));
    }

    #[test]
    fn an_unknown_group_and_a_token_of_other_make_are_refused() {
        let (kind, _) = logs().filter_events(&asked(json!({ "logGroupName": "/aws/lambda/other" }))).unwrap_err();
        assert_eq!(kind, "ResourceNotFoundException");
        let (kind, _) = logs().get_events(&asked(json!({ "nextToken": "f/x" }))).unwrap_err();
        assert_eq!(kind, "InvalidParameterException");
    }
}
