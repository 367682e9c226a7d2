namespace Bottle.Contracts.Routes;

/// <summary>
/// What a model provider (Messages API, Responses API, Chat Completions) may do for the agent on its own servers (SPEC F11). Empty = nothing: a server-side fetch would let the agent make the provider visit any URL, past every other route.
/// </summary>
public sealed record ProviderPolicy
{
    /// <summary>
    /// What is allowed: names of server tools without their date (<c>web_search</c>, <c>web_fetch</c>, <c>code_execution</c>, <c>mcp_toolset</c>, <c>file_search</c>, <c>mcp</c>), and <c>mcp_servers</c>, <c>url_sources</c>, <c>file_sources</c>, <c>stored_prompts</c>, <c>background</c>.
    /// </summary>
    public IReadOnlyList<string> ServerTools { get; init; } = [];

    /// <summary>Beta features (without their date) beyond those that are known to fetch nothing.</summary>
    public IReadOnlyList<string> Betas { get; init; } = [];
}
