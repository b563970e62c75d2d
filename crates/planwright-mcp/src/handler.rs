use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use planwright_coord::Actor;
use planwright_ops::{ErrorKind, OpsError};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult,
    CompletionInfo, ContentBlock, GetPromptRequestParams, GetPromptResponse, GetPromptResult,
    Implementation, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse,
    ReadResourceResult, Reference, ResourceUpdatedNotificationParam, ServerCapabilities,
    ServerConfig, SubscribeRequestParams, SubscriptionFilter, ToolAnnotations,
    UnsubscribeRequestParams,
};
use rmcp::service::{NotificationContext, RequestContext, RoleServer, SubscriptionContext};
use rmcp::{ErrorData, ServerHandler};
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;

use crate::changes::Changes;
use crate::session::{Caller, Host, Session};
use crate::table::Table;
use crate::tools::{self, Effect, Reply, Tool};
use crate::{INSTRUCTIONS, prompts, resources};

/// The server as one client sees it.
#[derive(Clone, Debug)]
pub struct Server {
    host: Arc<Host>,
    changes: Arc<Changes>,
    /// The session that the client is to those who hold claims.
    actor: Actor,
    /// Resources that a client of an older revision subscribed to.
    subscribed: Arc<Mutex<BTreeSet<String>>>,
}

impl Server {
    /// The server for the one client that the process was started for.
    pub(crate) fn new(host: &Arc<Host>, changes: &Arc<Changes>) -> Self {
        Self::of(host.actor.clone(), host, changes)
    }

    /// The server for one client of many: a session that was none before. Where the protocol keeps
    /// sessions there is one server for each, and else one for each request.
    pub(crate) fn unique(host: &Arc<Host>, changes: &Arc<Changes>) -> io::Result<Self> {
        let actor = Actor::unique(&host.actor.name)?;
        Ok(Self::of(actor, host, changes))
    }

    fn of(actor: Actor, host: &Arc<Host>, changes: &Arc<Changes>) -> Self {
        Self {
            actor,
            host: Arc::clone(host),
            changes: Arc::clone(changes),
            subscribed: Arc::default(),
        }
    }

    /// Runs something that reads files, aside from the messages.
    async fn with<T: Send + 'static>(
        &self,
        context: &RequestContext<RoleServer>,
        run: impl FnOnce(&Session<'_>) -> T + Send + 'static,
    ) -> Result<Result<T, OpsError>, ErrorData> {
        let host = Arc::clone(&self.host);
        let mut actor = self.actor.clone();
        // Codex tells the server nothing of the session but with each call.
        if actor == host.actor
            && !host.is_named
            && let Some(id) = context.meta.get("sessionId").and_then(Value::as_str)
        {
            actor.session = planwright_coord::digits(id);
        }
        let caller = Caller {
            actor,
            is_passing: self.actor != host.actor && context.meta.protocol_version().is_some(),
            interrupted: Arc::default(),
        };
        let interrupted = Arc::clone(&caller.interrupted);
        let mut running = tokio::task::spawn_blocking(move || {
            Session::open(&host, caller).map(|session| run(&session))
        });
        let ended = tokio::select! {
            ended = &mut running => ended,
            () = context.ct.cancelled() => {
                interrupted.store(true, Ordering::Relaxed);
                running.await
            }
        };
        ended.map_err(|error| ErrorData::internal_error(error.to_string(), None))
    }

    fn subscriptions(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.subscribed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a client of any revision reads of a tool.
pub(crate) fn described(tool: &Tool) -> rmcp::model::Tool {
    let annotations = ToolAnnotations::new().open_world(false);
    // What reads destroys nothing.
    let annotations = match tool.effect {
        Effect::Reads => annotations.read_only(true),
        effect => annotations.destructive(effect == Effect::Changes),
    };
    let described =
        rmcp::model::Tool::new(tool.name, tool.about, (tool.input)()).with_annotations(annotations);
    if tool.is_table {
        described.with_raw_output_schema(Arc::new(Table::schema()))
    } else {
        described
    }
}

fn replied(reply: Result<Reply, OpsError>) -> CallToolResult {
    match reply {
        Ok(Reply::Text(text)) => CallToolResult::success(vec![ContentBlock::text(text)]),
        Ok(Reply::Rows(table)) => {
            let mut result = CallToolResult::success(vec![ContentBlock::text(table.text())]);
            result.structured_content = serde_json::to_value(&table).ok();
            result
        }
        Err(error) => CallToolResult::error(vec![ContentBlock::text(tools::told(&error))]),
    }
}

/// An error of a request that is no call of a tool.
fn failed(error: &OpsError) -> ErrorData {
    let message = tools::told(error);
    match error.kind {
        ErrorKind::NotFound => ErrorData::resource_not_found(message, None),
        ErrorKind::Usage | ErrorKind::Ambiguous => ErrorData::invalid_params(message, None),
        _ => ErrorData::internal_error(message, None),
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_completions()
            .enable_prompts()
            .enable_resources()
            .enable_resources_list_changed()
            .enable_resources_subscribe()
            .enable_tools()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(
                Implementation::new("planwright", env!("CARGO_PKG_VERSION"))
                    .with_title("Planwright"),
            )
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(
            tools::TOOLS.iter().map(described).collect(),
        ))
    }

    fn get_tool(&self, name: &str) -> Option<rmcp::model::Tool> {
        tools::find(name).map(described)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = tools::find(&request.name) else {
            let known: Vec<&str> = tools::TOOLS.iter().map(|tool| tool.name).collect();
            let message = format!(
                "there is no tool `{}`; there are: {}",
                request.name,
                known.join(", ")
            );
            return Err(ErrorData::invalid_params(message, None));
        };
        let arguments = request.arguments.unwrap_or_default();
        let reply = self
            .with(&context, move |session| (tool.call)(session, arguments))
            .await?;
        Ok(replied(reply.and_then(|reply| reply)).into())
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(prompts::list()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.as_ref();
        let told = match prompts::resumes(&request.name, arguments) {
            Some(plan) => {
                let told = self
                    .with(&context, move |session| session.resumed(plan))
                    .await?;
                Some(told.and_then(|told| told).map_err(|error| failed(&error))?)
            }
            None => None,
        };
        let message = prompts::get(&request.name, arguments, told.as_deref())
            .map_err(|message| ErrorData::invalid_params(message, None))?;
        Ok(GetPromptResult::new(vec![message]).into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        let listed = self
            .with(&context, move |session| {
                resources::list(session, cursor.as_deref())
            })
            .await?;
        let (resources, next) = listed.map_err(|error| failed(&error))?;
        let mut result = ListResourcesResult::with_all_items(resources);
        result.next_cursor = next;
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(
            resources::templates(),
        ))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = self
            .with(&context, move |session| {
                resources::read(session, &request.uri)
            })
            .await?;
        let contents = read.and_then(|read| read).map_err(|error| failed(&error))?;
        Ok(ReadResourceResult::new(vec![contents]).into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let argument = request.argument;
        let by_path = match &request.r#ref {
            Reference::Resource(template) => template.uri.contains("{+path}"),
            Reference::Prompt(prompt) if prompts::takes_reference(&prompt.name, &argument.name) => {
                false
            }
            _ => return Ok(CompleteResult::default()),
        };
        let typed = argument.value;
        let named = self.with(&context, move |session| {
            let entries = session.ws.entries();
            let names = entries.map(|entry| if by_path { entry.path } else { entry.reference });
            let found = names
                .filter(|name| name.starts_with(&typed))
                .map(str::to_owned);
            found.collect::<BTreeSet<String>>()
        });
        let names = named.await?.map_err(|error| failed(&error))?;
        let total = names.len();
        let shown: Vec<String> = names.into_iter().take(CompletionInfo::MAX_VALUES).collect();
        let more = total > shown.len();
        CompletionInfo::with_pagination(shown, u32::try_from(total).ok(), more)
            .map(CompleteResult::new)
            .map_err(|message| ErrorData::internal_error(message, None))
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        let mut told = self.changes.listen();
        let server = self.clone();
        // Ends when the client is gone, which the next notification finds out.
        tokio::spawn(async move {
            loop {
                let changed = match told.recv().await {
                    Ok(changed) => changed,
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return,
                };
                if changed.list && context.peer.notify_resource_list_changed().await.is_err() {
                    return;
                }
                for uri in changed.uris.iter() {
                    let is_wanted = server.subscriptions().contains(uri);
                    let param = || ResourceUpdatedNotificationParam::new(uri.clone());
                    if is_wanted && context.peer.notify_resource_updated(param()).await.is_err() {
                        return;
                    }
                }
            }
        });
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.subscriptions().insert(request.uri);
        Ok(())
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.subscriptions().remove(&request.uri);
        Ok(())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(requested.supported_by(&self.get_info().capabilities))
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let mut told = self.changes.listen();
        let wants_list = context.accepted().resources_list_changed == Some(true);
        let wanted = context
            .accepted()
            .resource_subscriptions
            .clone()
            .unwrap_or_default();
        loop {
            let changed = tokio::select! {
                () = context.cancelled() => return Ok(()),
                changed = told.recv() => changed,
            };
            let changed = match changed {
                Ok(changed) => changed,
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return Ok(()),
            };
            let sink = context.sink();
            if wants_list && changed.list && sink.notify_resource_list_changed().await.is_err() {
                return Ok(());
            }
            for uri in changed.uris.iter().filter(|uri| wanted.contains(uri)) {
                if sink.notify_resource_updated(uri.as_str()).await.is_err() {
                    return Ok(());
                }
            }
        }
    }
}
