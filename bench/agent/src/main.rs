//! `bench-agent`: the Rust agent as a Lambda function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), peer_contract::Error> {
    peer_contract::lambda::run(bench_agent::agent()).await
}
