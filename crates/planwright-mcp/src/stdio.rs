use std::io;
use std::sync::Arc;

use rmcp::ServiceExt as _;
use rmcp::transport::stdio;

use crate::changes::Changes;
use crate::handler::Server;
use crate::session::Host;

/// Serves one client over standard input and output, until it closes them.
///
/// # Errors
/// When the system gives no runtime, or the client's first message is none of the protocol.
pub fn serve(host: Host) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(async {
        let host = Arc::new(host);
        let changes = Changes::new(Arc::clone(&host));
        let running = Server::new(&host, &changes)
            .serve(stdio())
            .await
            .map_err(io::Error::other)?;
        running.waiting().await.map_err(io::Error::other)?;
        Ok(())
    });
    // A thread that waits for standard input cannot be ended.
    runtime.shutdown_background();
    ended
}
