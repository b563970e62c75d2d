//! The fixtures in front of a server.

#![expect(
    deprecated,
    reason = "older revisions have what the newest no longer knows"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use planwright_mcp::Server;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult,
    CompletionInfo, GetPromptRequestParams, GetPromptResponse, GetPromptResult,
    InputRequiredResult, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, ProgressNotificationParam, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, ServerConfig, SetLevelRequestParams,
    SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams,
};
use rmcp::service::{
    NotificationContext, RequestContext, RoleServer, SubscriptionContext, SubscriptionSink,
};
use rmcp::{ErrorData, ServerHandler};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::asking::{self, Round};
use crate::contents;

/// Clients that listen for changes. Tools and prompts of `plan mcp` never change.
pub(crate) type Listeners = Arc<Mutex<BTreeMap<u64, SubscriptionSink>>>;

/// A server with fixtures in front.
#[derive(Clone)]
pub(crate) struct Fixture {
    server: Server,
    listeners: Listeners,
}

impl Fixture {
    pub(crate) fn new(server: Server, listeners: &Listeners) -> Self {
        Self {
            server,
            listeners: Arc::clone(listeners),
        }
    }

    fn listening(&self) -> Vec<SubscriptionSink> {
        let listeners = self.listeners.lock();
        let listeners = listeners.unwrap_or_else(PoisonError::into_inner);
        listeners.values().cloned().collect()
    }

    /// Tools that do something before they answer.
    async fn act(
        &self,
        name: &str,
        arguments: &Value,
        context: &RequestContext<RoleServer>,
    ) -> Result<Option<Value>, ErrorData> {
        let pause = || tokio::time::sleep(Duration::from_millis(50));
        match name {
            "test_tool_with_logging" => {
                for text in ["started", "processing data", "completed"] {
                    log(context, "info", &format!("Tool execution {text}")).await;
                    pause().await;
                }
            }
            "test_logging_tool" => {
                if let Some(level) = context.meta.log_level() {
                    let level = json!(level);
                    log(
                        context,
                        level.as_str().unwrap_or("info"),
                        "a level was asked for",
                    )
                    .await;
                }
            }
            "test_tool_with_progress" => {
                for progress in [0.0, 50.0, 100.0] {
                    if let Some(token) = context.meta.get_progress_token() {
                        let told = ProgressNotificationParam::new(token, progress);
                        let told = told.with_total(100.0).with_message("Working");
                        let _ = context.peer.notify_progress(told).await;
                    }
                    pause().await;
                }
            }
            "test_sampling" => {
                let prompt = arguments["prompt"].as_str().unwrap_or_default();
                let answer = asked(context, asking::sampling(prompt)).await?;
                let said = answer.as_object().map(asking::said).unwrap_or_default();
                return Ok(Some(contents::text(&format!("LLM response: {said}"))));
            }
            "test_trigger_tool_change" => {
                for sink in self.listening() {
                    let _ = sink.notify_tool_list_changed().await;
                }
            }
            "test_trigger_prompt_change" => {
                for sink in self.listening() {
                    let _ = sink.notify_prompt_list_changed().await;
                }
            }
            "test_missing_capability" => {
                let able = context.meta.client_capabilities().unwrap_or_default();
                if able.sampling.is_none() {
                    let needed = read(json!({"sampling": {}}))?;
                    return Err(ErrorData::missing_required_client_capability(needed));
                }
            }
            "test_reconnection" => pause().await,
            _ => {
                let Some(form) = asking::form_of_tool(name, arguments) else {
                    return Ok(None);
                };
                let answer = asked(context, form).await?;
                let told = format!(
                    "Elicitation completed: action={}, content={}",
                    answer["action"].as_str().unwrap_or_default(),
                    answer["content"]
                );
                return Ok(Some(contents::text(&told)));
            }
        }
        Ok(Some(contents::text("done")))
    }
}

async fn log(context: &RequestContext<RoleServer>, level: &str, text: &str) {
    let params = json!({"level": level, "logger": "fixture", "data": text});
    if let Ok(told) = read(json!({"method": "notifications/message", "params": params})) {
        let _ = context.peer.send_notification(told).await;
    }
}

/// What the client answers to a request in the middle of a call.
async fn asked(context: &RequestContext<RoleServer>, request: Value) -> Result<Value, ErrorData> {
    let answer = context.peer.send_request(read(request)?).await;
    answer.map(|answer| json!(answer)).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> ErrorData {
    ErrorData::internal_error(error.to_string(), None)
}

/// A value of the protocol from JSON.
fn read<T: DeserializeOwned>(value: Value) -> Result<T, ErrorData> {
    serde_json::from_value(value).map_err(failed)
}

/// An answer that may say that input is required.
fn answered<C, R>(mut answer: Value) -> Result<R, ErrorData>
where
    C: DeserializeOwned + Into<R>,
    InputRequiredResult: Into<R>,
{
    if answer.get("resultType").is_some() {
        read::<InputRequiredResult>(answer).map(Into::into)
    } else {
        answer["resultType"] = "complete".into();
        read::<C>(answer).map(Into::into)
    }
}

/// A list with fixtures in front.
fn joined<T: Serialize + DeserializeOwned>(
    own: Value,
    of_server: Vec<T>,
) -> Result<Vec<T>, ErrorData> {
    let mut all: Vec<T> = read(own)?;
    all.extend(of_server);
    Ok(all)
}

fn tampered(_: asking::Refused) -> ErrorData {
    ErrorData::invalid_params("requestState is not what the server gave", None)
}

impl ServerHandler for Fixture {
    fn get_info(&self) -> ServerConfig {
        let mut info = self.server.get_info();
        let mut able = json!(info.capabilities);
        able["logging"] = json!({});
        able["tools"]["listChanged"] = true.into();
        able["prompts"]["listChanged"] = true.into();
        if let Ok(able) = serde_json::from_value(able) {
            info.capabilities = able;
        }
        info
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let own: Option<Vec<Tool>> = serde_json::from_value(contents::tools()).ok();
        let own = own.and_then(|tools| tools.into_iter().find(|tool| tool.name == name));
        own.or_else(|| self.server.get_tool(name))
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut listed = self.server.list_tools(request, context).await?;
        listed.tools = joined(contents::tools(), listed.tools)?;
        Ok(listed)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = json!(request.arguments.clone().unwrap_or_default());
        let round = Round {
            responses: request.input_responses.as_ref(),
            state: request.request_state.as_deref(),
            capabilities: json!(context.meta.client_capabilities().unwrap_or_default()),
        };
        let mut answer = contents::of_tool(&request.name, &arguments);
        if answer.is_none() {
            answer = asking::of_tool(&request.name, &round).map_err(tampered)?;
        }
        if answer.is_none() {
            answer = self.act(&request.name, &arguments, &context).await?;
        }
        match answer {
            Some(answer) => answered::<CallToolResult, _>(answer),
            None => self.server.call_tool(request, context).await,
        }
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let mut listed = self.server.list_prompts(request, context).await?;
        listed.prompts = joined(contents::prompts(), listed.prompts)?;
        Ok(listed)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = json!(request.arguments.clone().unwrap_or_default());
        let answer = if request.name == "test_input_required_result_prompt" {
            let round = Round {
                responses: request.input_responses.as_ref(),
                state: request.request_state.as_deref(),
                capabilities: Value::Null,
            };
            Some(asking::of_prompt(&round))
        } else {
            contents::of_prompt(&request.name, &arguments)
        };
        match answer {
            Some(answer) => answered::<GetPromptResult, _>(answer),
            None => self.server.get_prompt(request, context).await,
        }
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let mut listed = self.server.list_resources(request, context).await?;
        listed.resources = joined(contents::resources(), listed.resources)?;
        Ok(listed)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let mut listed = self
            .server
            .list_resource_templates(request, context)
            .await?;
        listed.resource_templates = joined(contents::templates(), listed.resource_templates)?;
        Ok(listed)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        match contents::of_resource(&request.uri) {
            Some(answer) => answered::<ReadResourceResult, _>(answer),
            None => self.server.read_resource(request, context).await,
        }
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let typed = request.argument.value.clone();
        let completed = self.server.complete(request, context).await?;
        if !completed.completion.values.is_empty() {
            return Ok(completed);
        }
        let values = ["paris", "park", "party"].into_iter();
        let values = values.filter(|value| value.starts_with(&typed));
        let values = values.map(str::to_owned).collect();
        CompletionInfo::new(values)
            .map(CompleteResult::new)
            .map_err(failed)
    }

    async fn set_level(
        &self,
        _request: SetLevelRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        self.server.on_initialized(context).await;
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.server.subscribe(request, context).await
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.server.unsubscribe(request, context).await
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(requested.supported_by(&self.get_info().capabilities))
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let key = {
            let mut listeners = self
                .listeners
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let key = listeners.keys().next_back().map_or(0, |last| last + 1);
            listeners.insert(key, context.sink().clone());
            key
        };
        let ended = self.server.listen(context).await;
        let mut listeners = self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        listeners.remove(&key);
        ended
    }
}
