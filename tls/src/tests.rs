use std::io::IoSlice;
use std::sync::Arc;

use base64::Engine;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::*;

/// A certificate for `localhost`, signed by its own key, and that key.
struct Server {
    certificate: &'static [u8],
    key: &'static [u8],
}

const RSA: Server = Server {
    certificate: include_bytes!("../tests/data/rsa.crt.der"),
    key: include_bytes!("../tests/data/rsa.key.der"),
};
const P256: Server = Server {
    certificate: include_bytes!("../tests/data/p256.crt.der"),
    key: include_bytes!("../tests/data/p256.key.der"),
};
const P384: Server = Server {
    certificate: include_bytes!("../tests/data/p384.crt.der"),
    key: include_bytes!("../tests/data/p384.key.der"),
};

/// How many bytes are under way at most.
const WIDE: usize = 1 << 16;
const NARROW: usize = 61;
const NARROW_AFTER: usize = 9_000;
/// A record of data that nobody has a key for.
const FORGED: [u8; 22] = [23, 3, 3, 0, 17, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17];

impl Server {
    fn acceptor(&self, version: &'static SupportedProtocolVersion) -> TlsAcceptor {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let key = PrivatePkcs8KeyDer::from(self.key).into();
        let config = config.with_protocol_versions(&[version]).unwrap().with_no_client_auth();
        let config = config.with_single_cert(vec![CertificateDer::from(self.certificate)], key);
        TlsAcceptor::from(Arc::new(config.unwrap()))
    }

    /// Both ends of a connection, where client and server agree.
    async fn meet(
        &self,
        version: &'static SupportedProtocolVersion,
        tls: &Tls,
        host: &str,
        room: usize,
    ) -> io::Result<(Secured<DuplexStream>, TlsStream<DuplexStream>)> {
        let (near, far) = tokio::io::duplex(room);
        let acceptor = self.acceptor(version);
        let (client, server) = tokio::join!(tls.connect(host, near), acceptor.accept(far));
        Ok((client?, server.unwrap()))
    }

    /// Why a client does not believe it.
    async fn meet_refused(&self, tls: &Tls, host: &str) -> String {
        let (near, far) = tokio::io::duplex(WIDE);
        let acceptor = self.acceptor(&TLS13);
        let (client, _) = tokio::join!(tls.connect(host, near), acceptor.accept(far));
        client.unwrap_err().to_string()
    }

    fn bundle(&self) -> Vec<u8> {
        let text = base64::engine::general_purpose::STANDARD.encode(self.certificate);
        format!("# a remark\n-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n").into_bytes()
    }

    fn trusted(&self, interface: &'static Interface) -> Tls {
        Tls::by(interface, Some(&self.bundle())).unwrap()
    }
}

/// TLS of this program, and that of the library, which a build of the workspace leaves beside its programs.
fn interfaces() -> [&'static Interface; 2] {
    let programs = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_path_buf();
    let name = format!("{}peer_contract_tls_library{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library: PathBuf = programs.join(name);
    assert!(library.is_file(), "`cargo build --workspace` makes {}", library.display());
    [linked(), beside::open(&library).unwrap()]
}

#[test]
fn the_library_is_not_this_program() {
    let [linked, opened] = interfaces();
    assert!(!std::ptr::eq(linked, opened));
    assert!(!std::ptr::fn_addr_eq(linked.open, opened.open));
}

#[tokio::test]
async fn servers_of_both_versions_are_reached_whatever_their_key_is() {
    for interface in interfaces() {
        for server in [RSA, P256, P384] {
            for version in [&TLS12, &TLS13] {
                server.meet(version, &server.trusted(interface), "localhost", WIDE).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn megabytes_go_both_ways_through_wide_and_narrow_streams() {
    for interface in interfaces() {
        for version in [&TLS12, &TLS13] {
            for (room, length) in [(WIDE, 3 << 20), (NARROW, 70_000)] {
                let said: Vec<u8> = (0..length).map(|at: u32| ((at * 31) >> 3) as u8).collect();
                let (near, far) = tokio::io::duplex(room);
                let (tls, acceptor) = (P256.trusted(interface), P256.acceptor(version));
                let speak = async { heard(tls.connect("localhost", near).await.unwrap(), &said).await };
                let (heard, ()) = tokio::join!(speak, async { echo(acceptor.accept(far).await.unwrap()).await });
                assert!(heard == said, "{version:?} {room}: {} of {} bytes", heard.len(), said.len());
            }
        }
    }
}

async fn echo(server: TlsStream<DuplexStream>) {
    let (mut reading, mut writing) = tokio::io::split(server);
    tokio::io::copy(&mut reading, &mut writing).await.unwrap();
    writing.shutdown().await.unwrap();
}

/// What the server says, which is heard while it is spoken to.
async fn heard(client: Secured<DuplexStream>, said: &[u8]) -> Vec<u8> {
    let (mut reading, mut writing) = tokio::io::split(client);
    let mut heard = Vec::new();
    let speak = async {
        writing.write_all(said).await.unwrap();
        writing.shutdown().await.unwrap();
    };
    let (read, ()) = tokio::join!(reading.read_to_end(&mut heard), speak);
    read.unwrap();
    heard
}

#[tokio::test]
async fn a_server_that_says_goodbye_has_ended_and_one_that_does_not_was_cut_off() {
    for interface in interfaces() {
        for polite in [true, false] {
            let (mut client, mut server) =
                P256.meet(&TLS13, &P256.trusted(interface), "localhost", WIDE).await.unwrap();
            server.write_all(b"all").await.unwrap();
            if polite {
                server.shutdown().await.unwrap();
            }
            drop(server);
            let mut heard = Vec::new();
            let read = client.read_to_end(&mut heard).await;
            assert_eq!(heard, b"all");
            assert_eq!(read.map_err(|error| error.kind()).err(), (!polite).then_some(io::ErrorKind::UnexpectedEof));
        }
    }
}

#[tokio::test]
async fn servers_are_reached_by_their_addresses_too() {
    for interface in interfaces() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "::1"] {
            P256.meet(&TLS13, &P256.trusted(interface), host, WIDE).await.unwrap();
        }
    }
}

#[tokio::test]
async fn parts_are_written_at_once_as_far_as_there_is_room() {
    for interface in interfaces() {
        let (mut client, mut server) =
            P256.meet(&TLS13, &P256.trusted(interface), "localhost", NARROW_AFTER).await.unwrap();
        let (head, body) = (vec![1; 1_000], vec![2; 200_000]);
        assert!(client.is_write_vectored());
        let written =
            client.write_vectored(&[IoSlice::new(&head), IoSlice::new(&[]), IoSlice::new(&body)]).await.unwrap();
        assert!((1_001..201_000).contains(&written), "{written}");
        assert_eq!(client.write_vectored(&[IoSlice::new(&[])]).await.unwrap(), 0);
        let mut heard = vec![0; written];
        let (read, flushed) = tokio::join!(server.read_exact(&mut heard), client.flush());
        read.unwrap();
        flushed.unwrap();
        assert!(heard[..1_000] == head && heard[1_000..] == body[..written - 1_000]);
    }
}

#[tokio::test]
async fn what_failed_once_fails_again_for_the_same_reason() {
    for interface in interfaces() {
        let (mut client, mut server) = P256.meet(&TLS13, &P256.trusted(interface), "localhost", WIDE).await.unwrap();
        // A goodbye before what follows: then the server hears of nothing more.
        client.shutdown().await.unwrap();
        server.get_mut().0.write_all(&FORGED).await.unwrap();
        for _ in 0..3 {
            let error = client.read_u8().await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(!error.to_string().contains("full"), "{error}");
        }
        assert!(client.write_u8(1).await.is_err());
    }
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_refused_and_so_is_one_of_another_name() {
    for interface in interfaces() {
        let browsers = Tls::by(interface, None).unwrap();
        for (tls, host, why) in [
            (&browsers, "localhost", "UnknownIssuer"),
            (&P384.trusted(interface), "localhost", "invalid peer certificate"),
            (&RSA.trusted(interface), "example.com", "not valid for name"),
            (&RSA.trusted(interface), "127.0.0.1", "not valid for name"),
            (&RSA.trusted(interface), "::1", "not valid for name"),
            (&RSA.trusted(interface), "no host", "invalid dns name"),
        ] {
            let error = RSA.meet_refused(tls, host).await;
            assert!(error.contains(why), "{host}: {error}");
        }
    }
}

#[tokio::test]
async fn what_is_no_tls_and_what_was_changed_on_its_way_are_refused() {
    for interface in interfaces() {
        let (near, mut far) = tokio::io::duplex(WIDE);
        far.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        let error = P256.trusted(interface).connect("localhost", near).await.unwrap_err();
        assert!(error.to_string().contains("corrupt message"), "{error}");

        let (mut client, mut server) = P256.meet(&TLS13, &P256.trusted(interface), "localhost", WIDE).await.unwrap();
        server.get_mut().0.write_all(&FORGED).await.unwrap();
        let error = client.read_u8().await.unwrap_err();
        assert!(error.to_string().contains("cannot decrypt"), "{error}");
    }
}

#[test]
fn a_bundle_without_certificates_is_refused() {
    let certificate = |inside: &str| format!("-----BEGIN CERTIFICATE-----\n{inside}\n-----END CERTIFICATE-----\n");
    for interface in interfaces() {
        for (bundle, why) in [
            (String::new(), "it is empty"),
            ("none\n".to_owned(), "there is no certificate in PEM in it"),
            ("\u{feff}".to_owned(), "there is no certificate in PEM in it"),
            (certificate("AAAA"), "none of its certificates can be read"),
            (certificate("A_secret_A"), "a part of it is no PEM, or has no end"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n".to_owned(), "a part of it is no PEM, or has no end"),
            ("-----BEGIN secret\n".to_owned(), "a part of it is no PEM, or has no end"),
        ] {
            let refused = Tls::by(interface, Some(bundle.as_bytes())).unwrap_err();
            assert_eq!(refused, Refused::Bundle(why.to_owned()), "{bundle}");
        }
    }
}

#[tokio::test]
async fn a_bundle_may_hold_several_and_what_nobody_can_read_and_begin_with_a_mark_of_its_order() {
    for interface in interfaces() {
        let unread = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let bundle = [b"\xef\xbb\xbf", &P256.bundle()[b"# a remark\n".len()..], unread, &RSA.bundle()].concat();
        let tls = Tls::by(interface, Some(&bundle)).unwrap();
        for server in [P256, RSA] {
            server.meet(&TLS13, &tls, "localhost", WIDE).await.unwrap();
        }
        let refused = P384.meet_refused(&tls, "localhost").await;
        assert!(refused.contains("invalid peer certificate"), "{refused}");
    }
}
