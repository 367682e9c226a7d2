using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bottle.Host.Docker;

/// <summary>
/// The engine's own interface on its local socket, for the few questions of a live change where starting the <c>docker</c> client would take longer than the engine needs. Whatever is not a plain answer is null:
/// the caller then asks by the command line, which knows contexts and remote engines and has words for every failure.
/// </summary>
public sealed class EngineSocket
{
    private const string Scheme = "unix://";
    private const string Usual = "/var/run/docker.sock";
    private const int MostBytes = 16 * 1024 * 1024;
    private const int FrameHead = 8;

    private readonly string path;

    /// <summary>A socket at a path; whether anybody listens there shows when it is asked.</summary>
    public EngineSocket(string path) => this.path = path;

    /// <summary>The socket that the <c>docker</c> client would use; null when that is something else (another context, another machine).</summary>
    public static EngineSocket? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
            return host.StartsWith(Scheme, StringComparison.Ordinal) ? new EngineSocket(host[Scheme.Length..]) : null;
        return Environment.GetEnvironmentVariable("DOCKER_CONTEXT") is { Length: > 0 } and not ClientConfiguration.OwnContext || ClientConfiguration.NamesContext(ClientConfiguration.OperatorFolder) ? null : new EngineSocket(Usual);
    }

    /// <summary>Sends a signal (<c>HUP</c>) to a container's process; false when it does not run, null when the engine says anything else.</summary>
    public async Task<bool?> SignalAsync(string container, string signal, CancellationToken cancellationToken = default) =>
        (await AskAsync("POST", $"/containers/{container}/kill?signal={signal}", cancellationToken).ConfigureAwait(false)).Status switch
        {
            204 => true,
            404 or 409 => false,
            _ => null,
        };

    /// <summary>What <see cref="DockerEngine.LogLinesAsync"/> gives; null when the engine does not say it like that.</summary>
    public async Task<IReadOnlyList<string>?> LogLinesAsync(string container, string? since, int? tail, CancellationToken cancellationToken = default)
    {
        var query = new StringBuilder("stdout=1&stderr=1&timestamps=1");
        if (since is not null && Seconds(since) is { } seconds)
            query.Append(CultureInfo.InvariantCulture, $"&since={seconds}");
        else if (since is not null)
            return null;
        if (tail is { } lines)
            query.Append(CultureInfo.InvariantCulture, $"&tail={lines}");
        var (status, body) = await AskAsync("GET", $"/containers/{container}/logs?{query}", cancellationToken).ConfigureAwait(false);
        return status == 404 ? [] : status == 200 && Unframe(body.Span) is { } streams ? [.. streams.SelectMany(DockerEngine.Lines).Order(StringComparer.Ordinal)] : null;
    }

    /// <summary>What <see cref="DockerEngine.IsHealthyAsync"/> gives; null when the engine does not say it like that.</summary>
    public async Task<bool?> IsHealthyAsync(string container, CancellationToken cancellationToken = default)
    {
        var (status, body) = await AskAsync("GET", $"/containers/{container}/json", cancellationToken).ConfigureAwait(false);
        return status == 404 ? false : status != 200 ? null : Member(body, "State") is var state && state.Text("Status") == "running" && state.Member("Health").Text("Status") == "healthy";
    }

    /// <summary>Runs a program in a container and gives its standard output and exit code; null when the engine does not say it like that. Ends with its program, which a cancellation does not.</summary>
    public async Task<(int ExitCode, string Output, string Error)?> ExecAsync(string container, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        var command = $$"""{"AttachStdout":true,"AttachStderr":true,"Cmd":[{{string.Join(',', arguments.Select(argument => $"\"{JsonEncodedText.Encode(argument)}\""))}}]}""";
        var (created, body) = await AskAsync("POST", $"/containers/{container}/exec", cancellationToken, command).ConfigureAwait(false);
        if (created != 201 || Member(body, "Id").GetString() is not { Length: > 0 } id)
            return null;
        var (started, frames) = await AskAsync("POST", $"/exec/{id}/start", cancellationToken, """{"Detach":false,"Tty":false}""").ConfigureAwait(false);
        if (started != 200 || Unframe(frames.Span) is not { } streams)
            return null;
        var (asked, state) = await AskAsync("GET", $"/exec/{id}/json", cancellationToken).ConfigureAwait(false);
        return asked == 200 && Member(state, "ExitCode") is { ValueKind: JsonValueKind.Number } code ? (code.GetInt32(), streams[0], streams[1]) : null;
    }

    /// <summary>Status and body of one exchange; status 0 when there was none. HTTP/1.0: the body ends with the connection and comes in no chunks.</summary>
    private async Task<(int Status, ReadOnlyMemory<byte> Body)> AskAsync(string method, string target, CancellationToken cancellationToken, string? json = null)
    {
        var request = $"{method} {target} HTTP/1.0\r\nHost: docker\r\n{(json is null ? "" : "Content-Type: application/json\r\n")}Content-Length: {Encoding.UTF8.GetByteCount(json ?? "")}\r\n\r\n{json}";
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            await socket.SendAsync(Encoding.UTF8.GetBytes(request), cancellationToken).ConfigureAwait(false);
            using var answer = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                if (answer.Length + count > MostBytes)
                    return default;
                answer.Write(buffer, 0, count);
            }
            return Split(answer.GetBuffer().AsMemory(0, (int)answer.Length));
        }
        catch (SocketException)
        {
            return default;
        }
    }

    private static (int Status, ReadOnlyMemory<byte> Body) Split(ReadOnlyMemory<byte> answer)
    {
        var head = answer.Span.IndexOf("\r\n\r\n"u8);
        var line = answer.Span[..Math.Min(answer.Length, "HTTP/1.x nnn".Length)];
        return head > 0 && line.StartsWith("HTTP/1."u8) && int.TryParse(line[^3..], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? (status, answer[(head + 4)..]) : default;
    }

    /// <summary>Standard output and standard error of a container without a terminal, each piece of which has its stream and its length before it; null when it is not so.</summary>
    private static string[]? Unframe(ReadOnlySpan<byte> frames)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        while (frames.Length > 0)
        {
            var length = frames.Length < FrameHead ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(frames[4..]);
            if (length > frames.Length - FrameHead || frames[0] is not (1 or 2))
                return null;
            (frames[0] == 1 ? output : error).Write(frames.Slice(FrameHead, (int)length));
            frames = frames[(FrameHead + (int)length)..];
        }
        return [Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length), Encoding.UTF8.GetString(error.GetBuffer(), 0, (int)error.Length)];
    }

    /// <summary>A time of the engine's (RFC 3339 in UTC) as it wants it back: seconds since 1970 and the fraction, digit by digit.</summary>
    private static string? Seconds(string time)
    {
        const string whole = "yyyy-MM-dd'T'HH:mm:ss";
        const int length = 19;
        if (time.Length <= length || time[^1] != 'Z' || !DateTimeOffset.TryParseExact(time[..length], whole, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var second))
            return null;
        return string.Create(CultureInfo.InvariantCulture, $"{second.ToUnixTimeSeconds()}{time[length..^1]}");
    }

    private static JsonElement Member(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Member(name).Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
