//! Sections of `~/.aws/config` and `~/.aws/credentials`.

use std::collections::BTreeMap;

/// The settings of one section; nothing where there is none. Of sections that come twice, later lines win, as AWS has it.
pub(super) fn section(text: &str, wanted: impl Fn(&str) -> bool) -> Option<BTreeMap<String, String>> {
    let mut found: Option<BTreeMap<String, String>> = None;
    let mut is_inside = false;
    for line in text.lines() {
        if let Some(name) = heading(line) {
            is_inside = wanted(name);
            if is_inside {
                found.get_or_insert_default();
            }
        } else if let (true, Some(settings), Some((name, value))) = (is_inside, &mut found, setting(line)) {
            settings.insert(name.to_ascii_lowercase(), value.to_owned());
        }
    }
    found
}

/// `[profile night shift]`, with or without a comment behind it.
fn heading(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix('[')?.split_once(']')?.0.trim())
}

/// Lines that are indented belong to the setting above them, which is none of ours.
fn setting(line: &str) -> Option<(&str, &str)> {
    let is_own = !line.starts_with([' ', '\t', '#', ';']);
    let (name, value) = line.split_once('=').filter(|_| is_own)?;
    Some((name.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# who\n[default]\nregion=eu-west-1\n\n[ profile night ] ; shift\nAWS_Secret_Access_Key = a=b+/=\ns3 =\n  region = no\n\
                        ; region = no\n[other]\nregion = no\n[profile night]\nregion = us-east-1\n";

    #[test]
    fn a_section_is_its_own_lines_wherever_they_stand() {
        let night = section(TEXT, |name| name == "profile night").unwrap();
        let of = |name: &str| night.get(name).map(String::as_str);
        assert_eq!(
            (of("aws_secret_access_key"), of("region"), of("s3")),
            (Some("a=b+/="), Some("us-east-1"), Some(""))
        );
        assert_eq!(section(TEXT, |name| name == "default").unwrap()["region"], "eu-west-1");
        assert_eq!(section(TEXT, |name| name == "profile day"), None);
    }
}
