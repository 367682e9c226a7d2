using System.Buffers;
using System.Text.Json;

namespace Bottle.Contracts.Denials;

/// <summary>What the agent is told when a request is refused: the body of the 403 and its like (SPEC F2). It holds nothing of the host's.</summary>
public sealed record Denial
{
    /// <summary>The longest path that is repeated, in characters.</summary>
    private const int MaxPath = 2048;

    /// <summary>Which refusal.</summary>
    public required DenialCode Code { get; init; }

    /// <summary>The host asked for; null when none could be read.</summary>
    public string? Host { get; init; }

    /// <summary>The port asked for.</summary>
    public int? Port { get; init; }

    /// <summary>The method asked for.</summary>
    public string? Method { get; init; }

    /// <summary>The path asked for, without the query.</summary>
    public string? Path { get; init; }

    /// <summary>One sentence that says what was decided and, where there is one, the way out.</summary>
    public required string Reason { get; init; }

    /// <summary>The JSON document in UTF-8: <c>{"error","code","host","port","method","path","reason","ask"}</c>; what is unknown is left out, <c>ask</c> stands only where asking helps.</summary>
    public byte[] ToUtf8Json()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("error", Code.Error);
            json.WriteString("code", Code.Code);
            WriteOptional(json, "host", Host);
            if (Port is { } port)
            {
                json.WriteNumber("port", port);
            }
            WriteOptional(json, "method", Method);
            WriteOptional(json, "path", Path is { Length: > MaxPath } ? Path[..MaxPath] : Path);
            json.WriteString("reason", Reason);
            WriteOptional(json, "ask", Code.CanAsk ? "egress-block" : null);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
