use std::time::Duration;

use serde::Deserialize;

use super::*;

/// A request of AWS's suite, with what is signed and how.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
    body: String,
    time: String,
    region: String,
    service: String,
    id: String,
    secret: String,
    token: Option<String>,
    normalized: bool,
    encoded: bool,
    body_in_header: bool,
    canonical: String,
    signature: String,
}

#[derive(Deserialize)]
struct Suite {
    cases: Vec<Case>,
}

fn suite() -> Vec<Case> {
    let suite: Suite = serde_json::from_str(include_str!("../../../tests/data/signatures.json")).unwrap();
    assert_eq!(suite.cases.len(), 39);
    suite.cases
}

impl Case {
    fn request(&self) -> Request<Vec<u8>> {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.uri);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(self.body.clone().into_bytes()).unwrap()
    }

    fn signed(&self) -> Request<Vec<u8>> {
        let mut request = self.request();
        let token = self.token.clone();
        let credentials = Credentials { id: self.id.clone(), secret: self.secret.clone(), token, expiry: None };
        let time = UNIX_EPOCH + Duration::from_millis(envelope::from_rfc3339(&self.time).unwrap());
        let target = Target { region: &self.region, service: &self.service };
        sign_as(&mut request, target, &credentials, time, self.form()).unwrap();
        request
    }

    fn form(&self) -> Form {
        let paths = Paths { normalized: self.normalized, encoded: self.encoded };
        Form { paths, body_in_header: self.body_in_header }
    }
}

#[test]
fn what_is_signed_is_what_the_suite_of_aws_signs() {
    for case in suite() {
        let body = case.canonical.rsplit('\n').next().unwrap();
        let canonical = canonical::request(&case.signed(), case.form().paths, body).unwrap();
        assert_eq!(canonical.text, case.canonical, "{}", case.name);
    }
}

#[test]
fn requests_of_the_suite_get_its_signatures() {
    for case in suite() {
        let request = case.signed();
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let (_, signature) = authorization.rsplit_once("Signature=").unwrap();
        assert_eq!(signature, case.signature, "{}", case.name);
        assert!(authorization.starts_with(&format!("AWS4-HMAC-SHA256 Credential={}/", case.id)), "{}", case.name);
        assert_eq!(request.headers().get("x-amz-security-token").is_some(), case.token.is_some(), "{}", case.name);
    }
}

// The worked example of the AWS documentation for Signature Version 4: its inputs, and its published result.
#[test]
fn the_published_example_has_the_published_signature() {
    let mut request = Request::get("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08")
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(Vec::new())
        .unwrap();
    let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned();
    let credentials = Credentials { id: "AKIDEXAMPLE".to_owned(), secret, token: None, expiry: None };
    let time = UNIX_EPOCH + Duration::from_secs(1_440_938_160);
    sign(&mut request, Target { region: "us-east-1", service: "iam" }, &credentials, time).unwrap();
    assert_eq!(request.headers()["x-amz-date"], "20150830T123600Z");
    let expected = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
        SignedHeaders=content-type;host;x-amz-date, \
        Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
    assert_eq!(request.headers()["authorization"], expected);
}

#[test]
fn a_path_for_s3_is_signed_as_it_is_sent_with_the_hash_of_the_body() {
    let mut request = Request::put("https://s3.eu-west-1.amazonaws.com/b/a%3Ab//c").body(b"text".to_vec()).unwrap();
    let secret = "secret".to_owned();
    let credentials = Credentials { id: "id".to_owned(), secret, token: Some("t".to_owned()), expiry: None };
    sign(&mut request, Target { region: "eu-west-1", service: "s3" }, &credentials, UNIX_EPOCH).unwrap();
    let body = hex(&Sha256::digest(b"text"));
    assert_eq!(request.headers()["x-amz-content-sha256"], body.as_str());
    let canonical = canonical::request(&request, Paths { normalized: false, encoded: false }, &body).unwrap();
    assert!(canonical.text.starts_with("PUT\n/b/a%3Ab//c\n\nhost:s3.eu-west-1.amazonaws.com\n"), "{}", canonical.text);
    assert_eq!(canonical.signed_headers, "host;x-amz-content-sha256;x-amz-date;x-amz-security-token");
}

#[test]
fn parameters_that_come_twice_are_signed_twice() {
    let request = Request::get("https://h/?b=2&a=%7e&b=2&a=1+2&c=%zz").body(()).unwrap();
    let canonical = canonical::request(&request, Paths { normalized: true, encoded: true }, "").unwrap();
    assert_eq!(canonical.text.lines().nth(2).unwrap(), "a=1%202&a=~&b=2&b=2&c=%25zz");
}
