//! The shared store, as resources of the template.

use crate::text::Node;

/// The bucket and the table of the store. They outlive the stack: work may be in them.
pub fn resources() -> Vec<(String, Node)> {
    let bucket = Node::map([
        (
            "BucketEncryption",
            Node::map([(
                "ServerSideEncryptionConfiguration",
                Node::List(vec![Node::map([(
                    "ServerSideEncryptionByDefault",
                    Node::map([("SSEAlgorithm", Node::text("AES256"))]),
                )])]),
            )]),
        ),
        (
            "PublicAccessBlockConfiguration",
            Node::map(
                ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]
                    .map(|name| (name, Node::flag(true))),
            ),
        ),
    ]);
    let names = [("work", "HASH"), ("key", "RANGE")];
    let table = Node::map([
        ("BillingMode", Node::text("PAY_PER_REQUEST")),
        (
            "AttributeDefinitions",
            Node::List(
                names
                    .map(|(name, _)| {
                        Node::map([("AttributeName", Node::text(name)), ("AttributeType", Node::text("S"))])
                    })
                    .into(),
            ),
        ),
        (
            "KeySchema",
            Node::List(
                names
                    .map(|(name, kind)| Node::map([("AttributeName", Node::text(name)), ("KeyType", Node::text(kind))]))
                    .into(),
            ),
        ),
        ("SSESpecification", Node::map([("SSEEnabled", Node::flag(true))])),
    ]);
    vec![kept("StoreBucket", "AWS::S3::Bucket", bucket), kept("StoreTable", "AWS::DynamoDB::Table", table)]
}

fn kept(name: &str, kind: &str, properties: Node) -> (String, Node) {
    let resource = Node::map([
        ("Type", Node::text(kind)),
        ("DeletionPolicy", Node::text("Retain")),
        ("UpdateReplacePolicy", Node::text("Retain")),
        ("Properties", properties),
    ]);
    (name.to_owned(), resource)
}
