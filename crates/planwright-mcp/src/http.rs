use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio_util::sync::CancellationToken;

use crate::changes::Changes;
use crate::handler::Server;
use crate::session::Host;

/// Where a page may come from.
const LOCAL: [&str; 3] = ["http://127.0.0.1:*", "http://[::1]:*", "http://localhost:*"];

/// Where to listen, and whom to answer.
#[derive(Clone, Debug)]
pub struct Listen {
    /// The address; port 0 takes a free one.
    pub address: SocketAddr,
    /// What a client has to show as `Authorization: Bearer TOKEN`. Only a loopback address may do
    /// without.
    pub token: Option<String>,
}

/// Serves clients over streamable HTTP at `/mcp`, until the process is interrupted. `ready` is called
/// with the address once it listens.
///
/// # Errors
/// When the address cannot be had, or is open to other machines and there is no token.
pub fn serve(host: Host, listen: Listen, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    serve_with(host, listen, |server| server, ready)
}

/// The same with something in front of each client's server. Tests of the protocol need tools that
/// no user does.
///
/// # Errors
/// As [`serve`].
pub fn serve_with<F: ServerHandler>(
    host: Host,
    listen: Listen,
    front: impl Fn(Server) -> F + Send + Sync + 'static,
    ready: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    if listen.token.is_none() && !listen.address.ip().is_loopback() {
        let message = "other machines can reach this address: a token is needed";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let ended = runtime.block_on(run(host, listen, front, ready));
    runtime.shutdown_background();
    ended
}

async fn run<F: ServerHandler>(
    host: Host,
    listen: Listen,
    front: impl Fn(Server) -> F + Send + Sync + 'static,
    ready: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen.address).await?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let mut config = StreamableHttpServerConfig::default()
        .with_cancellation_token(stop.clone())
        // A page in a browser has no business here, unless it comes from this machine.
        .with_allowed_origins(LOCAL);
    if !address.ip().is_loopback() {
        // The token says who may ask; under which name the machine is known is not ours to tell.
        config = config.disable_allowed_hosts();
    }
    let host = Arc::new(host);
    let changes = Changes::new(Arc::clone(&host));
    let service = StreamableHttpService::new(
        move || Server::unique(&host, &changes).map(&front),
        Arc::new(LocalSessionManager::default()),
        config,
    );
    let token: Option<Arc<str>> = listen.token.map(Into::into);
    let router = axum::Router::new()
        .nest_service("/mcp", service)
        .layer(middleware::from_fn_with_state(token, guard));
    ready(address);
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            // Without the signal the process ends as it would have.
            let _ = tokio::signal::ctrl_c().await;
            stop.cancel();
        })
        .await
}

/// Lets through who shows the token.
async fn guard(
    State(token): State<Option<Arc<str>>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let shown = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
    match token {
        Some(token) if !shown.is_some_and(|shown| is_same(shown, &token)) => {
            let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
            (StatusCode::UNAUTHORIZED, challenge, "a token is needed\n").into_response()
        }
        _ => next.run(request).await,
    }
}

/// Compares in a time that does not tell how much of a guess was right.
fn is_same(shown: &str, token: &str) -> bool {
    let differs = shown
        .bytes()
        .zip(token.bytes())
        .fold(0, |sum, (a, b)| sum | (a ^ b));
    shown.len() == token.len() && differs == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_is_the_token() {
        assert!(is_same("abc", "abc"));
        for guess in ["", "ab", "abd", "abcd"] {
            assert!(!is_same(guess, "abc"), "{guess}");
        }
    }
}
