use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion};

use super::*;

/// A certificate for `localhost`, signed by its own key, and that key.
struct Server {
    certificate: &'static [u8],
    key: &'static [u8],
}

const RSA: Server = Server {
    certificate: include_bytes!("../../../tests/data/tls/rsa.crt.der"),
    key: include_bytes!("../../../tests/data/tls/rsa.key.der"),
};
const P256: Server = Server {
    certificate: include_bytes!("../../../tests/data/tls/p256.crt.der"),
    key: include_bytes!("../../../tests/data/tls/p256.key.der"),
};
const P384: Server = Server {
    certificate: include_bytes!("../../../tests/data/tls/p384.crt.der"),
    key: include_bytes!("../../../tests/data/tls/p384.key.der"),
};

impl Server {
    fn acceptor(&self, version: &'static SupportedProtocolVersion) -> TlsAcceptor {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let key = PrivatePkcs8KeyDer::from(self.key).into();
        let config = config.with_protocol_versions(&[version]).unwrap().with_no_client_auth();
        let config = config.with_single_cert(vec![CertificateDer::from(self.certificate)], key);
        TlsAcceptor::from(Arc::new(config.unwrap()))
    }

    /// What a client that trusts `roots` makes of the server.
    async fn meet(
        &self,
        version: &'static SupportedProtocolVersion,
        connector: TlsConnector,
        name: &'static str,
    ) -> std::io::Result<()> {
        let (near, far) = tokio::io::duplex(1 << 14);
        let name = ServerName::try_from(name).unwrap();
        let acceptor = self.acceptor(version);
        let (client, _) = tokio::join!(connector.connect(name, near), acceptor.accept(far));
        client.map(drop)
    }

    fn trusted(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.certificate)).unwrap();
        trusting(roots)
    }
}

#[tokio::test]
async fn servers_of_both_versions_are_reached_whatever_their_key_is() {
    for server in [RSA, P256, P384] {
        for version in [&TLS12, &TLS13] {
            server.meet(version, server.trusted(), "localhost").await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_refused_and_so_is_one_of_another_name() {
    let unknown = RSA.meet(&TLS13, connector(), "localhost").await.unwrap_err();
    assert!(unknown.to_string().contains("UnknownIssuer"), "{unknown}");
    let other = RSA.meet(&TLS13, RSA.trusted(), "example.com").await.unwrap_err();
    assert!(other.to_string().contains("not valid for name"), "{other}");
}
