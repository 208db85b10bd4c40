//! References to files: below the folder, and nowhere else.

use std::fs;
use std::path::Path;

use peerc::import::files::Files;
use peerc::import::{Imported, Options, Refused, import};
use serde_json::{Value, json};
use tempfile::TempDir;

fn folder(files: &[(&str, Value)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, schema) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, schema.to_string()).unwrap();
    }
    folder
}

fn read(path: &Path, root: &Path, with: &[&Path]) -> Result<Imported, Refused> {
    let mut files = Files::default();
    files.allow(root).unwrap();
    for path in with {
        files.read(path).unwrap();
    }
    let named = vec![files.read(path).unwrap()];
    import(named, &mut files, &Options::default())
}

fn why(refused: Result<Imported, Refused>) -> String {
    refused.expect_err("it is refused").problems[0].problem.message.clone()
}

#[test]
fn what_is_referred_to_comes_along_and_no_more() {
    let folder = folder(&[
        ("order.json", json!({ "properties": { "item": { "$ref": "parts/item.json#/definitions/Item" } } })),
        (
            "parts/item.json",
            json!({ "definitions": { "Item": { "properties": { "next": { "$ref": "../order.json" } } }, "Other": true } }),
        ),
    ]);
    let imported = read(&folder.path().join("order.json"), folder.path(), &[]).unwrap();
    assert_eq!(imported.types.keys().collect::<Vec<_>>(), ["Item", "Order"]);
    assert_eq!(imported.types["Item"]["properties"]["next"], json!({ "$ref": "#/$defs/Order" }));
}

#[test]
fn a_file_that_lies_as_its_address_does_is_found() {
    let folder = folder(&[
        ("v1/order.json", json!({ "$id": "https://a.b/v1/order.json", "$ref": "item", "type": "object" })),
        ("v1/item.json", json!({ "$id": "https://a.b/v1/item", "required": ["a"] })),
    ]);
    let order = folder.path().join("v1/order.json");
    assert_eq!(read(&order, folder.path(), &[]).unwrap().types.len(), 2);
    fs::write(folder.path().join("v1/item.json"), json!({ "$id": "https://a.b/v2/item" }).to_string()).unwrap();
    assert!(why(read(&order, folder.path(), &[])).contains("calls itself"));
}

#[test]
fn a_schema_with_an_address_of_its_own_may_lie_anywhere() {
    let (folder, other) = (
        folder(&[("a.json", json!({ "items": { "$ref": "https://elsewhere.test/b" } }))]),
        folder(&[("c.json", json!({ "$id": "https://elsewhere.test/b", "type": "string" }))]),
    );
    let path = folder.path().join("a.json");
    assert!(why(read(&path, folder.path(), &[])).contains("nothing is fetched"));
    let imported = read(&path, folder.path(), &[&other.path().join("c.json")]).unwrap();
    assert_eq!(imported.types["A"]["items"], json!({ "$ref": "#/$defs/C" }));
}

#[test]
fn addresses_may_be_mapped_to_a_folder() {
    let folder = folder(&[
        ("a.json", json!({ "items": { "$ref": "https://elsewhere.test/v1/b" } })),
        ("vendor/v1/b.json", json!({ "$id": "https://another.test/b", "maximum": 1 })),
    ]);
    let mut files = Files::default();
    files.map("https://elsewhere.test/", &folder.path().join("vendor")).unwrap();
    let named = vec![files.read(&folder.path().join("a.json")).unwrap()];
    let imported = import(named, &mut files, &Options::default()).unwrap();
    assert_eq!(imported.types["A"]["items"], json!({ "$ref": "#/$defs/B" }));
}

#[test]
fn bounds_of_64_bits_are_no_obstacle() {
    let folder = folder(&[]);
    let path = folder.path().join("n.json");
    fs::write(
        &path,
        r#"{ "type": "integer", "minimum": -9223372036854775808, "exclusiveMaximum": 18446744073709551616 }"#,
    )
    .unwrap();
    let imported = read(&path, folder.path(), &[]).unwrap();
    assert_eq!(imported.types["N"], json!({ "type": "integer", "minimum": -9_007_199_254_740_991_i64 }));
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let outside = folder(&[("secret.json", json!({ "const": "secret" }))]);
    let secret = outside.path().join("secret.json");
    let folder = folder(&[("deep/a.json", json!({}))]);
    let path = folder.path().join("deep/a.json");
    fs::write(folder.path().join("above.json"), "{}").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, folder.path().join("deep/link.json")).unwrap();
    let absolute = format!("file://{}", secret.display());
    for reference in ["../above.json", "link.json", absolute.as_str(), "..%2fabove.json", "x/../../above.json"] {
        fs::write(&path, json!({ "$ref": reference, "type": "object" }).to_string()).unwrap();
        let why = why(read(&path, &folder.path().join("deep"), &[]));
        assert!(why.contains("outside of the folder") || why.contains("cannot be read"), "{reference}: {why}");
    }
    fs::write(&path, json!({ "$ref": "../above.json", "type": "object" }).to_string()).unwrap();
    assert!(read(&path, folder.path(), &[]).is_ok(), "a wider folder may be named");
}
