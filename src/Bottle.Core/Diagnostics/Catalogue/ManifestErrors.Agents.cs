namespace Bottle.Core.Diagnostics.Catalogue;

public static partial class ManifestErrors
{
    /// <summary>BTL1601: an agent's skill that lies outside the places that skills may come from.</summary>
    public static Diagnostic BadSkill(SourceSpan where, string skill, string reason) => new()
    {
        Code = "BTL1601",
        Message = $"'{InertText.Excerpt(skill)}' cannot be a skill: {InertText.Line(reason)}",
        Where = where,
        Why = "a skill's directory is copied into the agent: a manifest must not be able to name your other files",
        Fix = "name a directory beside the manifest ('skills/review'), or below '~/.claude/skills/'",
    };

    /// <summary>BTL1602: a description that does not fit on one line.</summary>
    public static Diagnostic BadDescription(SourceSpan where, int limit) => new()
    {
        Code = "BTL1602",
        Message = $"'description' must be one line of at most {limit} characters",
        Where = where,
        Fix = "shorten it; the body is for more",
    };

    /// <summary>BTL1701: two provider files that serve one command.</summary>
    public static Diagnostic DuplicateProviderCommand(SourceSpan where, string command, string other) => new()
    {
        Code = "BTL1701",
        Message = $"the command '{InertText.Excerpt(command)}' is served by this provider and by {InertText.Line(other)}",
        Where = where,
        Why = "it would be chance which of the two decides where the agent's credential goes",
        Fix = "remove one of the two, or write 'provider: NAME' in the bottle",
    };

    /// <summary>BTL1702: a provider's route that would spread its credential.</summary>
    public static Diagnostic UnlimitedProviderRoute(SourceSpan where) => new()
    {
        Code = "BTL1702",
        Message = "a provider's route needs 'path_allowlist' and named 'methods', and cannot have port 80",
        Where = where,
        Why = "every route of a provider carries the operator's credential",
        Fix = "name what the client calls, for example 'methods: [POST], path_allowlist: [/v1/messages]'",
    };

    /// <summary>BTL1703: a model provider's API behind a WebSocket or plain HTTP, where its requests cannot be read.</summary>
    public static Diagnostic UnreadableModelApi(SourceSpan where) => new()
    {
        Code = "BTL1703",
        Message = "'model_api: true' goes with neither 'websocket: true' nor port 80",
        Where = where,
        Why = "egress reads every request of such a route for what would make the provider fetch for the agent, and can do so over HTTPS alone",
        Fix = "remove 'websocket' and port 80 from this route; what needs them gets a route of its own",
    };

    /// <summary>BTL1704: a server tool or beta feature that cannot be one.</summary>
    public static Diagnostic BadProviderFeature(SourceSpan where, string key, string name, string reason) => new()
    {
        Code = "BTL1704",
        Message = $"'{InertText.Excerpt(name)}' in '{key}': {InertText.Line(reason)}",
        Where = where,
        Fix = key == "betas" ? "write the feature as its header has it, for example 'betas: [web-search]'" : "write tools without their date, for example 'server_tools: [web_search]'",
    };

    /// <summary>BTL1705: a path that cannot be a file of the agent's home.</summary>
    public static Diagnostic BadHomeFile(SourceSpan where, string path, string reason) => new()
    {
        Code = "BTL1705",
        Message = $"'{InertText.Excerpt(path)}' cannot be a file of the agent's home: {reason}",
        Where = where,
        Why = "Bottle writes it there before the agent's first command",
        Fix = "write a path relative to the home, for example '.config/agent/settings.json'",
    };

    /// <summary>BTL1706: a setting for a JSON file that is no JSON object.</summary>
    public static Diagnostic BadJsonSetting(SourceSpan where, string path, string reason) => new()
    {
        Code = "BTL1706",
        Message = $"the text for '{InertText.Excerpt(path)}' is no JSON object: {InertText.Line(reason)}",
        Where = where,
        Why = "what is for a file of this name is merged, key by key, into what the agent has there",
        Fix = "write one object: '{\"key\": \"value\"}'",
    };
}
