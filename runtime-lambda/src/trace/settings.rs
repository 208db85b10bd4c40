//! Where spans go: the variables of OpenTelemetry, as its specification of exporters and SDKs names them.
//!
//! Nothing here is worth failing for. What cannot be used is told once, and no spans are exported.

use std::collections::BTreeMap;
use std::time::Duration;

use super::sampler::Sampler;

/// How spans are exported. Without an endpoint there is none of this.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TraceSettings {
    /// `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` with `/v1/traces` behind it.
    pub(super) endpoint: String,
    /// `OTEL_EXPORTER_OTLP_TRACES_HEADERS` or `OTEL_EXPORTER_OTLP_HEADERS`: `name=value,…`.
    pub(super) headers: Vec<(String, String)>,
    /// `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT` or `OTEL_EXPORTER_OTLP_TIMEOUT`, milliseconds.
    pub(super) timeout: Duration,
    /// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`.
    pub(super) sampler: Sampler,
    /// `OTEL_SERVICE_NAME`.
    pub(super) service: Option<String>,
    /// `OTEL_RESOURCE_ATTRIBUTES`, and what Lambda says of the sandbox.
    pub(super) resource: BTreeMap<String, String>,
    /// `AWS_LAMBDA_FUNCTION_MEMORY_SIZE`, in bytes.
    pub(super) memory: Option<u64>,
}

/// An answer waits for its spans; ten seconds, as OpenTelemetry says, would be too long for that.
const TIMEOUT: Duration = Duration::from_secs(1);

impl TraceSettings {
    /// Reads the variables; nothing when spans are not asked for.
    pub(crate) fn read(variable: &impl Fn(&str) -> Option<String>) -> Option<Self> {
        let of_traces = |name: &str| {
            let own = variable(&format!("OTEL_EXPORTER_OTLP_TRACES_{name}"));
            own.or_else(|| variable(&format!("OTEL_EXPORTER_OTLP_{name}")))
        };
        let whole = variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        let base =
            || variable("OTEL_EXPORTER_OTLP_ENDPOINT").map(|base| format!("{}/v1/traces", base.trim_end_matches('/')));
        let endpoint = whole.or_else(base)?;
        let is = |name: &str, word: &str| variable(name).is_some_and(|text| text.trim().eq_ignore_ascii_case(word));
        if is("OTEL_SDK_DISABLED", "true") || is("OTEL_TRACES_EXPORTER", "none") {
            return None;
        }
        let timeout = of_traces("TIMEOUT").and_then(|text| text.trim().parse().ok()).map(Duration::from_millis);
        Some(Self {
            endpoint,
            headers: of_traces("HEADERS").map(|text| pairs(&text)).unwrap_or_default(),
            timeout: timeout.unwrap_or(TIMEOUT),
            sampler: Sampler::read(
                variable("OTEL_TRACES_SAMPLER").as_deref(),
                variable("OTEL_TRACES_SAMPLER_ARG").as_deref(),
            ),
            service: variable("OTEL_SERVICE_NAME"),
            resource: resource(variable),
            memory: variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
                .and_then(|mb| mb.parse::<u64>().ok())
                .map(|mb| mb << 20),
        })
    }
}

/// Attributes of the sandbox, by the semantic conventions for FaaS and cloud providers.
fn resource(variable: &impl Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    if let Some(name) = variable("AWS_LAMBDA_FUNCTION_NAME") {
        attributes.extend([("cloud.provider".to_owned(), "aws".to_owned()), ("faas.name".to_owned(), name)]);
        for (attribute, name) in [
            ("cloud.region", "AWS_REGION"),
            ("faas.version", "AWS_LAMBDA_FUNCTION_VERSION"),
            ("faas.instance", "AWS_LAMBDA_LOG_STREAM_NAME"),
        ] {
            attributes.extend(variable(name).map(|text| (attribute.to_owned(), text)));
        }
    }
    attributes.extend(variable("OTEL_RESOURCE_ATTRIBUTES").map(|text| pairs(&text)).unwrap_or_default());
    attributes
}

/// `name=value,…`, percent encoded. What is no pair is left out.
fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        let (name, value) = (decoded(name.trim()), decoded(value.trim()));
        (!name.is_empty()).then_some((name, value))
    };
    text.split(',').filter_map(pair).collect()
}

/// A text without its percent encodings; where they are none, as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        let encoded = (*byte == b'%').then(|| after.get(..2)).flatten();
        let value = encoded.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(value.unwrap_or(*byte));
        rest = if value.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Option<TraceSettings> {
        TraceSettings::read(&|name| variables.iter().find(|(key, _)| *key == name).map(|(_, text)| (*text).to_owned()))
    }

    #[test]
    fn without_an_endpoint_or_when_it_is_switched_off_there_is_nothing() {
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
        assert_eq!(read(&[("OTEL_SERVICE_NAME", "x")]), None);
        assert_eq!(read(&[endpoint, ("OTEL_SDK_DISABLED", "TRUE")]), None);
        assert_eq!(read(&[endpoint, ("OTEL_TRACES_EXPORTER", "none")]), None);
        assert_eq!(read(&[endpoint]).unwrap().endpoint, "http://127.0.0.1:4318/v1/traces");
    }

    #[test]
    fn what_is_said_of_traces_goes_before_what_is_said_of_all() {
        let settings = read(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a/base/"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://b/traces"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=1"),
            ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "authorization=Basic%20eA==, x-y = 2,broken,=3"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "7"),
            ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "250"),
        ])
        .unwrap();
        assert_eq!((settings.endpoint.as_str(), settings.timeout.as_millis()), ("http://b/traces", 250));
        let headers: Vec<_> = settings.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(headers, [("authorization", "Basic eA=="), ("x-y", "2")]);
    }

    #[test]
    fn a_sandbox_of_lambda_is_described_and_may_be_described_otherwise() {
        let settings = read(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a"),
            ("OTEL_RESOURCE_ATTRIBUTES", "cloud.region=elsewhere,deployment.environment.name=%C3%A9%"),
            ("AWS_LAMBDA_FUNCTION_NAME", "f"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_REGION", "eu-west-1"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"),
        ])
        .unwrap();
        assert_eq!((settings.service.as_deref(), settings.memory, settings.timeout), (None, Some(128 << 20), TIMEOUT));
        let attributes: Vec<_> = settings.resource.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(
            attributes,
            [
                ("cloud.provider", "aws"),
                ("cloud.region", "elsewhere"),
                ("deployment.environment.name", "é%"),
                ("faas.name", "f")
            ]
        );
    }
}
