//! What a client of servers needs of cryptography, by ring, and no more.
//!
//! rustls has the same in one piece, with ChaCha20, which is for processors that have no AES, and with keys of clients. Servers
//! have AES-GCM: TLS 1.3 demands it, and the suites of TLS 1.2 that are still good have it. What is not named here is not
//! linked: 0.1 MB.

use std::sync::Arc;

use rustls::crypto::ring::{cipher_suite, kx_group};
use rustls::crypto::{CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use rustls::{Error, SignatureScheme};
use webpki::ring as signed;

pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: vec![
            cipher_suite::TLS13_AES_256_GCM_SHA384,
            cipher_suite::TLS13_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ],
        kx_groups: vec![kx_group::X25519, kx_group::SECP256R1, kx_group::SECP384R1],
        signature_verification_algorithms: SIGNATURES,
        secure_random: &System,
        key_provider: &NoKeys,
    }
}

/// What certificates may be signed with, and what a server may prove itself with: all that ring verifies.
static SIGNATURES: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        signed::ECDSA_P256_SHA256,
        signed::ECDSA_P256_SHA384,
        signed::ECDSA_P384_SHA256,
        signed::ECDSA_P384_SHA384,
        signed::ED25519,
        signed::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        signed::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
        signed::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
        signed::RSA_PKCS1_2048_8192_SHA256,
        signed::RSA_PKCS1_2048_8192_SHA384,
        signed::RSA_PKCS1_2048_8192_SHA512,
        signed::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
        signed::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
        signed::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ],
    // In TLS 1.2 the name of a scheme leaves the curve open. The first of each is what TLS 1.3 means.
    mapping: &[
        (SignatureScheme::ECDSA_NISTP384_SHA384, &[signed::ECDSA_P384_SHA384, signed::ECDSA_P256_SHA384]),
        (SignatureScheme::ECDSA_NISTP256_SHA256, &[signed::ECDSA_P256_SHA256, signed::ECDSA_P384_SHA256]),
        (SignatureScheme::ED25519, &[signed::ED25519]),
        (SignatureScheme::RSA_PSS_SHA512, &[signed::RSA_PSS_2048_8192_SHA512_LEGACY_KEY]),
        (SignatureScheme::RSA_PSS_SHA384, &[signed::RSA_PSS_2048_8192_SHA384_LEGACY_KEY]),
        (SignatureScheme::RSA_PSS_SHA256, &[signed::RSA_PSS_2048_8192_SHA256_LEGACY_KEY]),
        (SignatureScheme::RSA_PKCS1_SHA512, &[signed::RSA_PKCS1_2048_8192_SHA512]),
        (SignatureScheme::RSA_PKCS1_SHA384, &[signed::RSA_PKCS1_2048_8192_SHA384]),
        (SignatureScheme::RSA_PKCS1_SHA256, &[signed::RSA_PKCS1_2048_8192_SHA256]),
    ],
};

/// Randomness of the operating system.
#[derive(Debug)]
struct System;

impl SecureRandom for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
        getrandom::fill(bytes).map_err(|_| GetRandomFailed)
    }
}

/// Clients here have no certificates: requests are signed instead.
#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        Err(Error::General("this client has no use for a key".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use rustls::crypto::ring;

    use super::*;

    #[test]
    fn every_signature_that_rustls_verifies_is_verified() {
        let theirs = ring::default_provider().signature_verification_algorithms;
        assert_eq!(SIGNATURES.supported_schemes(), theirs.supported_schemes());
        assert_eq!(SIGNATURES.all.len(), theirs.all.len());
        for ((scheme, ours), (_, theirs)) in SIGNATURES.mapping.iter().zip(theirs.mapping) {
            let kinds = |all: &[&dyn rustls::pki_types::SignatureVerificationAlgorithm]| {
                all.iter().map(|one| (one.public_key_alg_id(), one.signature_alg_id())).collect::<Vec<_>>()
            };
            assert_eq!(kinds(ours), kinds(theirs), "{scheme:?}");
        }
    }

    #[test]
    fn what_is_left_out_is_chacha20_alone() {
        let theirs = ring::default_provider();
        let left_out = |suite: &&_| !provider().cipher_suites.contains(suite);
        let names: Vec<String> =
            theirs.cipher_suites.iter().filter(left_out).map(|suite| format!("{:?}", suite.suite())).collect();
        assert!(names.len() == 3 && names.iter().all(|name| name.contains("CHACHA20")), "{names:?}");
        let groups = |all: &CryptoProvider| all.kx_groups.iter().map(|group| group.name()).collect::<Vec<_>>();
        assert_eq!(groups(&provider()), groups(&theirs));
    }
}
