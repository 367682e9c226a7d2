using System.Globalization;
using System.Net.Http.Headers;

namespace Bottle.Egress.Provider;

/// <summary>
/// Finds the tokens that an answer of a model provider cost, in its JSON or its event stream, as the bytes pass by. It delays nothing, keeps next to nothing, and never throws; an answer that it cannot make sense of
/// leaves <see cref="IsKnown"/> false. What counts, whole and unweighted, is what the model read and wrote:
/// <list type="bullet">
/// <item>Messages: <c>usage.input_tokens</c>, <c>output_tokens</c>, <c>cache_creation_input_tokens</c>, <c>cache_read_input_tokens</c>, which are four different things. In a stream <c>message_start</c> has the first of them
/// and <c>message_delta</c> running totals, so the largest number of each is the one. <c>usage.iterations</c> lists what was asked of models on the way; the numbers above leave out some of it (shortening a conversation
/// reads it all once more), so the sum over the list counts where it is larger.</item>
/// <item>Responses: <c>usage.input_tokens</c> (what came from a cache is part of it) and <c>output_tokens</c> (reasoning is part of it); in a stream, <c>response.usage</c> of the last event.</item>
/// <item>Chat Completions: <c>usage.prompt_tokens</c> and <c>completion_tokens</c>; in a stream only when the request has <c>stream_options.include_usage</c>.</item>
/// </list>
/// An answer that has <c>input_tokens</c> at its top counted tokens and used none.
/// </summary>
internal sealed class UsageReader
{
    // No model reads as much in one request; a number beyond it is no count.
    private const long MostOfOneKind = 100_000_000;

    private readonly long[] _counts = new long[4];
    private readonly JsonPushReader _json;
    private readonly JsonEvents? _events;
    private JsonFrame? _list;
    private long _listed;
    private long _mostListed;
    private bool _isFinal;
    private bool _isUnreadable;
    private bool _isAbsurd;

    /// <summary>Reads a body of the content type; nothing of one that is neither JSON nor an event stream.</summary>
    public UsageReader(string? contentType)
    {
        _json = new JsonPushReader(static (_, _) => null, OnAtom);
        var type = MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.MediaType : null;
        if (string.Equals(type, "text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            _events = new JsonEvents(_json);
        }
        else
        {
            _isUnreadable = !string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>The tokens that have been told so far; never goes down.</summary>
    public long Tokens => Math.Max(_counts.Sum(), _mostListed);

    /// <summary>Whether the answer has told all it cost.</summary>
    public bool IsKnown => _isFinal && !_isUnreadable && !_isAbsurd;

    /// <summary>Reads on.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_events is not null)
        {
            _events.Feed(bytes);
        }
        else if (!_isUnreadable)
        {
            _isUnreadable = _json.Feed(bytes) is not null;
        }
    }

    private string? OnAtom(JsonPushReader reader, ReadOnlySpan<byte> text)
    {
        var frames = reader.Frames;
        var key = frames[^1].Key;
        if (frames.Count == 1)
        {
            _isFinal |= key == "input_tokens";
        }
        else if (UsageDepth(frames) is { } depth && Slot(key) is { } slot && !text.SequenceEqual("null"u8))
        {
            if (frames.Count == depth)
            {
                // What a message begins with is not yet what it costs.
                _isFinal |= depth == 2 || frames[1].Name == "response";
                _counts[slot] = Math.Max(_counts[slot], Count(text));
            }
            else if (frames.Count == depth + 2 && frames[depth] is { IsArray: true, Name: "iterations" } list)
            {
                (_list, _listed) = (list, (ReferenceEquals(list, _list) ? _listed : 0) + Count(text));
                _mostListed = Math.Max(_mostListed, _listed);
            }
        }
        return null;
    }

    /// <summary>How many frames are open in the <c>usage</c> that the innermost one is, or is in; null when it is in none that counts. What stands in a list has the list's name again, one frame deeper.</summary>
    private static int? UsageDepth(IReadOnlyList<JsonFrame> frames) =>
        frames[1].Name == "usage" ? 2 : frames.Count > 2 && (frames[1].Name is "message" or "response") && frames[2].Name == "usage" ? 3 : null;

    /// <summary>A number; 0 for one that is none, and then the answer is not known.</summary>
    private long Count(ReadOnlySpan<byte> text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostOfOneKind)
        {
            return count;
        }
        _isAbsurd = true;
        return 0;
    }

    private static int? Slot(string? key) => key switch
    {
        "input_tokens" or "prompt_tokens" => 0,
        "output_tokens" or "completion_tokens" => 1,
        "cache_creation_input_tokens" => 2,
        "cache_read_input_tokens" => 3,
        _ => null,
    };
}
