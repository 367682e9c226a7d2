using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Provider;

/// <summary>
/// Reads one request to a model provider on its way and finds what would make the provider's servers visit other hosts (SPEC F11): tools that run there, MCP servers, sources by URL or file. It knows the Messages API, the
/// Responses API and Chat Completions, and holds every request to the rules of all three, so that no path and no header chooses the mild ones. Every occurrence counts, also of a key that is there twice. The bytes
/// that complete a finding are not passed on, so the provider never has a whole request.
/// </summary>
internal sealed class ProviderGuard
{
    /// <summary>The largest request, in bytes.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    private readonly ProviderPolicy _policy;
    private readonly JsonPushReader _reader;
    private Refusal? _refusal;

    public ProviderGuard(ProviderPolicy policy)
    {
        _policy = policy;
        _reader = new JsonPushReader(
            (reader, text) => (_refusal = reader.IsKey ? JudgeKey(reader) : JudgeText(reader, text))?.Reason,
            (reader, text) => (_refusal = JudgeAtom(reader, text))?.Reason);
    }

    /// <summary>The refusal of a beta header that is not known to be harmless; null when all are.</summary>
    public static Refusal? FindBeta(ProviderPolicy policy, IEnumerable<string?> headers)
    {
        var unknown = headers.SelectMany(h => (h ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(beta => !HarmlessFeatures.Betas.Contains(BetaName(beta)) && !policy.Betas.Contains(BetaName(beta)) && !policy.Betas.Contains(beta));
        return unknown is null ? null : new Refusal(DenialCodes.ProviderFetch, $"the beta feature '{Shorten(unknown)}' is not known to fetch nothing; the route's provider.betas can allow it");
    }

    /// <summary>Reads the next bytes; the refusal, or null when they may pass.</summary>
    public Refusal? Feed(ReadOnlySpan<byte> bytes) =>
        _reader.Feed(bytes) is not { } problem ? null : _refusal ?? new Refusal(DenialCodes.Malformed, $"the request body is not JSON that can be checked: {problem}");

    /// <summary>At the end of the body: the refusal of a document that is not whole.</summary>
    public Refusal? Complete() => _reader.IsComplete ? null : new Refusal(DenialCodes.Malformed, "the request body is not one whole JSON document");

    private Refusal? JudgeKey(JsonPushReader reader)
    {
        var frames = reader.Frames;
        var frame = frames[^1];
        return (frames.Count, frame.Name, frame.Key) switch
        {
            (1, _, "mcp_servers") => Refuse("mcp_servers", "mcp_servers"),
            (1, _, "web_search_options") => Refuse("web_search", "web_search_options"),
            (2, "prompt", "id") => Refuse("stored_prompts", "a stored prompt, which has tools of its own,"),
            (_, "source", "url") when !IsToolData(frames) => Refuse("url_sources", "a source by URL"),
            (_, "source", "file_id") when !IsToolData(frames) => Refuse("file_sources", "a source by file"),
            _ => null,
        };
    }

    private Refusal? JudgeText(JsonPushReader reader, string? text)
    {
        var frames = reader.Frames;
        if (frames.Count == 0 || frames[^1] is not { IsArray: false, Key: { } key } frame)
        {
            return null;
        }
        return key switch
        {
            "type" => JudgeType(frames, text),
            "model" when frames.Count == 1 && (text is null || text.Contains("search", StringComparison.OrdinalIgnoreCase)) => Refuse("web_search", "a model that searches the web"),
            "file_id" when !IsToolData(frames) => Refuse("file_sources", "a source by file"),
            // Where a tool leads (server_url) is allowed with its type.
            _ when IsUrl(frame) && !IsTool(frames, frames.Count - 1) && !reader.Beginning.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && !IsToolData(frames) => Refuse("url_sources", "a source by URL"),
            _ => null,
        };
    }

    private Refusal? JudgeType(IReadOnlyList<JsonFrame> frames, string? text)
    {
        var frame = frames[^1];
        if (IsTool(frames, frames.Count - 1) && !IsToolData(frames))
        {
            var tool = Stem(text ?? "", '_');
            return HarmlessFeatures.Tools.Contains(tool) ? null : Refuse(tool, $"the server tool '{Shorten(tool)}'");
        }
        if (frame.Name == "environment" && text != "local" && IsTool(frames, frames.Count - 2) && !IsToolData(frames))
        {
            return Refuse(text ?? "", $"a shell in the environment '{Shorten(text ?? "")}'");
        }
        return frame.Name == "source" && text is "url" or "file" && !IsToolData(frames) ? Refuse(text == "url" ? "url_sources" : "file_sources", $"a source of type '{text}'") : null;
    }

    private Refusal? JudgeAtom(JsonPushReader reader, ReadOnlySpan<byte> text) => reader.Frames is [{ Key: "background" }] && text.SequenceEqual("true"u8) && !_policy.ServerTools.Contains("background")
        ? new Refusal(DenialCodes.ProviderFetch, "in the background the provider would work on when this request has ended; the route's provider.server_tools can allow 'background'") : null;

    /// <summary>Whether the frame is one of a list of tools: the request's own, those of a namespace among them, and those that a search has found.</summary>
    private static bool IsTool(IReadOnlyList<JsonFrame> frames, int index) => index > 0 && frames[index - 1] is { IsArray: true, Name: "tools" };

    /// <summary>Whether the value leads somewhere: <c>"image_url": "…"</c>, <c>"file_url": "…"</c>, <c>"image_url": {"url": "…"}</c> and whatever is named like them.</summary>
    private static bool IsUrl(JsonFrame frame) => frame.Key!.EndsWith("_url", StringComparison.Ordinal) || (frame.Key == "url" && frame.Name is { } name && name.EndsWith("_url", StringComparison.Ordinal));

    /// <summary>Whether this is what the agent's own tools are given or describe: to the provider only text. The <c>input</c> of a request itself is the conversation.</summary>
    private static bool IsToolData(IReadOnlyList<JsonFrame> frames)
    {
        for (var i = 1; i < frames.Count; i++)
        {
            // What stands in a list has the list's name again, and the list was looked at.
            if (!frames[i - 1].IsArray && (frames[i].Name is "input_schema" or "input_examples" or "parameters" or "output_schema" or "schema" or "arguments" || (i > 1 && frames[i].Name == "input")))
            {
                return true;
            }
        }
        return false;
    }

    private Refusal? Refuse(string name, string what) => _policy.ServerTools.Contains(name)
        ? null
        : new Refusal(DenialCodes.ProviderFetch, $"{what} would make the provider fetch for the agent; the route's provider.server_tools can allow '{Shorten(name)}'");

    /// <summary><c>oauth-2025-04-20</c> is oauth, <c>responses=experimental</c> is responses.</summary>
    private static string BetaName(string beta) => Stem(beta.Split('=')[0], '-');

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
