//! Requests to an HTTP API (payload format 2.0) and to function URLs, which have the same shape.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::Parcel;
use super::parts::{Members, Part, invalid};
use super::unload::Unload;
use crate::envelope::{Object, TraceContext};
use crate::json::Json;
use crate::{ErrorCode, Pointer, Problem, percent};

const SHAPE: &str = "a request of an HTTP API or a function URL";
const NAMES: &[&str] = &["body", "headers", "isBase64Encoded", "requestContext", "version"];

/// The message of a request. What is wrong with the request itself is told to its client.
pub(super) fn parcel(event: &Part, unload: &Unload<'_>) -> Result<Parcel, Problem> {
    let members = event.members(NAMES);
    if members.needed("version", SHAPE)? != "2.0" {
        let message = "requests are read in the payload format 2.0; choose it for the integration of the API";
        return Err(invalid(event.at.key("version"), message));
    }
    let headers = members.object("headers", SHAPE)?;
    members.get("isBase64Encoded").ok_or_else(|| members.missing("isBase64Encoded", SHAPE, "a boolean"))?;
    let context = members.object("requestContext", SHAPE)?;
    let http = context.member("http").ok_or_else(|| context.members(&[]).missing("http", SHAPE, "the method"))?;
    Ok(message(&members, headers, &http, unload).unwrap_or_else(Parcel::broken))
}

fn message(members: &Members, headers: &Part, http: &Part, unload: &Unload<'_>) -> Result<Parcel, Problem> {
    if !http.member("method").is_some_and(|method| method.is("POST")) {
        return Err(refused(ErrorCode::RequestRefused, http.at.key("method"), "messages come by POST"));
    }
    let headers = Headers::of(headers);
    let kind = headers.get("content-type").map(|kind| kind.split(';').next().unwrap_or_default().trim());
    let at = || headers.at.key("content-type");
    if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/cloudevents-batch+json")) {
        return Err(refused(ErrorCode::RequestRefused, at(), "events come one by one, not in batches"));
    }
    if !kind.is_none_or(is_json) {
        return Err(refused(ErrorCode::RequestRefused, at(), "messages are JSON: `application/json`, or `…+json`"));
    }
    let body = body(members)?;
    let text = if headers.get("ce-specversion").is_some() { headers.event_with(&body, unload)? } else { body };
    let trace = headers.get("traceparent");
    let trace = trace.and_then(|trace| TraceContext::read(trace, headers.get("tracestate")));
    Ok(unload.in_request(text)?.after(trace.as_ref()))
}

/// The body as it was sent.
fn body(members: &Members) -> Result<Part, Problem> {
    let body = members.get("body").ok_or_else(|| members.missing("body", SHAPE, "the message"))?;
    let text = body.string_bytes().ok_or_else(|| members.missing("body", SHAPE, "the message"))?;
    if !members.get("isBase64Encoded").is_some_and(Part::is_true) {
        return Ok(Part::placed(text, body.at.clone()));
    }
    let decoded = STANDARD.decode(text);
    let decoded = decoded.map_err(|_| invalid(body.at.clone(), "padded base64 belongs here"))?;
    Ok(Part::placed(decoded.into(), body.at.clone()))
}

fn is_json(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

fn refused(code: ErrorCode, at: Pointer, message: &str) -> Problem {
    Problem::new(code, at, message)
}

/// The headers, their names in lower case.
struct Headers {
    named: Vec<(String, String)>,
    at: Pointer,
}

impl Headers {
    fn of(headers: &Part) -> Self {
        let name = |key: &[u8]| String::from_utf8_lossy(key).to_ascii_lowercase();
        let named = headers.all().filter_map(|(key, value)| Some((name(&key), value.string()?))).collect();
        Self { named, at: headers.at.clone() }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The structured form of an event whose attributes are headers and whose data is the body.
    fn event_with(&self, body: &Part, unload: &Unload<'_>) -> Result<Part, Problem> {
        let data = body.read(unload.limits)?.text();
        let mut text = Vec::with_capacity(data.len() + 1024);
        let mut event = Object::open(&mut text);
        event.json("data", &data);
        for (name, value) in &self.named {
            let Some(attribute) = name.strip_prefix("ce-") else { continue };
            let at = || self.at.key(name);
            let is_name = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
            if attribute == "data" || attribute.is_empty() || !attribute.bytes().all(is_name) {
                return Err(invalid(at(), "an attribute of a CloudEvent is named by lower-case letters and digits"));
            }
            let value = percent::decoded(value)
                .ok_or_else(|| invalid(at(), "the percent signs of a header must be encodings"))?;
            match value.parse::<u32>() {
                // The only attribute of ours that is a number. A header cannot say which of its attributes are.
                Ok(number) if attribute == "hop" => event.literal("hop", number),
                _ => event.string(attribute, &value),
            }
        }
        event.close();
        let text = Bytes::from(text);
        Json::read(text.clone(), unload.limits).map_err(|problem| Problem { at: self.at.clone(), ..problem })?;
        Ok(Part::placed(text, Pointer::root()))
    }
}
