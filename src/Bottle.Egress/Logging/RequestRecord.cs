using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Policy;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Logging;

/// <summary>One line of the request log under way (SPEC F9). Counters may be written by two body copies at once; one writes each.</summary>
internal sealed class RequestRecord(DateTimeOffset time, long startTimestamp)
{
    /// <summary>When the request came.</summary>
    public DateTimeOffset Time { get; } = time;

    /// <summary>The clock's stamp at that time.</summary>
    public long StartTimestamp { get; } = startTimestamp;

    /// <summary>The method asked for.</summary>
    public string Method { get; set; } = "";

    /// <summary>http, https, or null when unknown.</summary>
    public string? Scheme { get; set; }

    /// <summary>Host and port, when they could be read.</summary>
    public Authority Target { get; set; }

    /// <summary>The canonical path without its query.</summary>
    public string? Path { get; set; }

    /// <summary>The route that decided.</summary>
    public Route? Route { get; set; }

    /// <summary>The generation that judged it.</summary>
    public int Generation { get; set; }

    /// <summary>Why it was refused or failed; null when it was forwarded.</summary>
    public DenialCode? Refusal { get; set; }

    /// <summary>The sentence that goes with <see cref="Refusal"/>, or what went wrong later.</summary>
    public string? Reason { get; set; }

    /// <summary>The status that the agent got; 0 when none.</summary>
    public int Status { get; set; }

    /// <summary>What its bytes are charged to; null before it sets out.</summary>
    public BudgetBook? Budget { get; set; }

    /// <summary>Body bytes from the agent.</summary>
    public long BytesIn;

    /// <summary>Body bytes to the agent.</summary>
    public long BytesOut;

    /// <summary>The tokens that a model provider's answer told; null when it told none.</summary>
    public long? Tokens { get; set; }

    /// <summary>Whether the answer cost tokens that it did not tell.</summary>
    public bool HasUnreadTokens { get; set; }

    /// <summary>Counts body bytes from the agent.</summary>
    public void CountIn(long bytes) => Count(ref BytesIn, bytes);

    /// <summary>Counts body bytes to the agent.</summary>
    public void CountOut(long bytes) => Count(ref BytesOut, bytes);

    /// <summary>The refusal that ends a body which would go on; null while there are bytes left.</summary>
    public Refusal? FindByteRefusal() => Budget?.FindByteRefusal();

    private void Count(ref long counter, long bytes)
    {
        Volatile.Write(ref counter, counter + bytes);
        Budget?.AddBytes(bytes);
    }
}
