using System.Collections.Frozen;

namespace Bottle.Egress.Provider;

/// <summary>What a request to a model provider may name without making the provider's servers fetch; all else is refused, so that what a provider adds tomorrow is, too. Names have no dates.</summary>
internal static class HarmlessFeatures
{
    /// <summary>Types of tools that the client runs, or that only group and search the tools of the request itself.</summary>
    public static readonly FrozenSet<string> Tools = new[]
    {
        // Messages.
        "custom", "bash", "text_editor", "computer", "memory", "tool_search_tool_regex", "tool_search_tool_bm25", "tool_search_tool",
        // Responses and Chat Completions. A shell runs at the client unless its environment says otherwise.
        "function", "local_shell", "shell", "apply_patch", "computer_use_preview", "namespace", "tool_search",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Beta features, of both providers' headers.</summary>
    public static readonly FrozenSet<string> Betas = new[]
    {
        "claude-code", "oauth", "interleaved-thinking", "fine-grained-tool-streaming", "prompt-caching", "prompt-caching-scope", "extended-cache-ttl", "context-1m", "context-management",
        "token-counting", "token-efficient-tools", "output-128k", "max-tokens-3-5-sonnet", "dev-full-thinking", "structured-outputs", "tool-examples", "effort", "adaptive-thinking",
        "tool-search-tool", "advanced-tool-use", "redact-thinking", "compact", "computer-use", "model-context-window-exceeded", "fast-mode", "afk-mode",
        "responses",
    }.ToFrozenSet(StringComparer.Ordinal);
}
