using System.Collections.Frozen;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Provider;

/// <summary>
/// Reads one Messages request on its way and finds what would make the provider's servers visit other hosts (SPEC F11): <c>mcp_servers</c>, server tools, URL and file sources. Every
/// occurrence counts, also of a key that is there twice. The bytes that complete a finding are not passed on, so the provider never has a whole request.
/// </summary>
internal sealed class MessagesGuard
{
    /// <summary>The largest request, in bytes.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    // Run by the client, or searching only among the tools of the request itself.
    private static readonly string[] HarmlessTools = ["custom", "bash", "text_editor", "computer", "memory", "tool_search_tool_regex", "tool_search_tool_bm25", "tool_search_tool"];

    private static readonly FrozenSet<string> HarmlessBetas = new[]
    {
        "claude-code", "oauth", "interleaved-thinking", "fine-grained-tool-streaming", "prompt-caching", "prompt-caching-scope", "extended-cache-ttl", "context-1m", "context-management",
        "token-counting", "token-efficient-tools", "output-128k", "max-tokens-3-5-sonnet", "dev-full-thinking", "structured-outputs", "tool-examples", "effort", "adaptive-thinking",
        "tool-search-tool", "advanced-tool-use", "redact-thinking", "compact", "computer-use", "model-context-window-exceeded", "fast-mode", "afk-mode",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly ProviderPolicy _policy;
    private readonly JsonPushReader _reader;
    private Refusal? _refusal;

    public MessagesGuard(ProviderPolicy policy)
    {
        _policy = policy;
        _reader = new JsonPushReader((reader, text) => (_refusal = reader.IsKey ? JudgeKey(reader) : JudgeText(reader, text))?.Reason);
    }

    /// <summary>The refusal of a beta header that is not known to be harmless; null when all are.</summary>
    public static Refusal? FindBeta(ProviderPolicy policy, IEnumerable<string?> headers)
    {
        var unknown = headers.SelectMany(h => (h ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(beta => !HarmlessBetas.Contains(Stem(beta, '-')) && !policy.Betas.Contains(Stem(beta, '-')) && !policy.Betas.Contains(beta));
        return unknown is null ? null : new Refusal(DenialCodes.ProviderFetch, $"the beta feature '{Shorten(unknown)}' is not known to fetch nothing; the route's provider.betas can allow it");
    }

    /// <summary>Reads the next bytes; the refusal, or null when they may pass.</summary>
    public Refusal? Feed(ReadOnlySpan<byte> bytes) =>
        _reader.Feed(bytes) is not { } problem ? null : _refusal ?? new Refusal(DenialCodes.Malformed, $"the request body is not JSON that can be checked: {problem}");

    /// <summary>At the end of the body: the refusal of a document that is not whole.</summary>
    public Refusal? Complete() => _reader.IsComplete ? null : new Refusal(DenialCodes.Malformed, "the request body is not one whole JSON document");

    private Refusal? JudgeKey(JsonPushReader reader)
    {
        var frame = reader.Frames[^1];
        if (reader.Frames.Count == 1 && frame.Key == "mcp_servers")
        {
            return Refuse("mcp_servers", "mcp_servers");
        }
        if (IsSource(frame) && frame.Key is "url" or "file_id")
        {
            return frame.Key == "url" ? Refuse("url_sources", "a source by URL") : Refuse("file_sources", "a source by file");
        }
        return null;
    }

    private Refusal? JudgeText(JsonPushReader reader, string? text)
    {
        if (reader.Frames.Count == 0 || reader.Frames[^1] is not { IsArray: false, Key: "type" } frame)
        {
            return null;
        }
        if (reader.Frames.Count == 3 && reader.Frames[1] is { IsArray: true, Name: "tools" })
        {
            var tool = Stem(text ?? "", '_');
            return HarmlessTools.Contains(tool) ? null : Refuse(tool, $"the server tool '{Shorten(tool)}'");
        }
        return IsSource(frame) && text is "url" or "file" ? Refuse(text == "url" ? "url_sources" : "file_sources", $"a source of type '{text}'") : null;
    }

    /// <summary>Whether an object describes where content comes from; what an agent's own tools were given is only text to the provider.</summary>
    private static bool IsSource(JsonFrame frame) => frame is { Name: "source", IsToolData: false };

    private Refusal? Refuse(string name, string what) => _policy.ServerTools.Contains(name)
        ? null
        : new Refusal(DenialCodes.ProviderFetch, $"{what} would make the provider fetch for the agent; the route's provider.server_tools can allow '{Shorten(name)}'");

    /// <summary>A name without the date or version at its end: <c>web_search_20250305</c>, <c>oauth-2025-04-20</c>.</summary>
    private static string Stem(string name, char separator)
    {
        var end = name.Length;
        while (name.LastIndexOf(separator, Math.Max(0, end - 1)) is var at and > 0 && at < end && name.AsSpan(at + 1, end - at - 1) is { IsEmpty: false } part && !part.ContainsAnyExceptInRange('0', '9'))
        {
            end = at;
        }
        return name[..end];
    }

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64];
}
