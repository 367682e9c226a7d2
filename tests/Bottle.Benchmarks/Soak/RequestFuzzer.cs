using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Soak;

/// <summary>Sends broken requests, outside and inside tunnels. What reached the origin is the origin's to judge; here only the manner counts: an answer that is HTTP with a status that a proxy
/// should give, or a closed connection, within a few seconds.</summary>
internal sealed class RequestFuzzer(Target target, int seed, SoakFindings findings)
{
    // Longer than the sidecar waits for the rest of a head (10 s), so that "no answer" is a find and not impatience.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    // Whoever has not answered by then waits for more; it is told that no more will come.
    private static readonly TimeSpan HalfCloseAfter = TimeSpan.FromMilliseconds(300);
    private readonly Random _random = new(seed);

    /// <summary>One connection with one or more broken requests.</summary>
    internal void Once()
    {
        var grammar = new RequestGrammar(_random, target);
        var mutator = new ByteMutator(_random, RequestGrammar.Tokens);
        var isInside = _random.Next(3) > 0;
        var input = mutator.Mutate(isInside ? grammar.Inside() : grammar.Outside());
        if (_random.Next(4) == 0)
            input = [.. input, .. mutator.Mutate(isInside ? grammar.Inside() : grammar.Outside())];
        try
        {
            using var stream = isInside ? WireStream.Open(target) : WireStream.OpenTcp(target.Address);
            Send(stream, input);
            Judge(stream, input, isInside ? "inside" : "outside");
        }
        catch (IOException e)
        {
            findings.Find($"no connection for fuzzing: {e.Message}", input);
        }
    }

    private static void Send(WireStream stream, ReadOnlySpan<byte> input)
    {
        try
        {
            stream.Write(input);
        }
        catch (IOException)
        {
            // Refused before it was read whole.
        }
    }

    private void Judge(WireStream stream, byte[] input, string where)
    {
        var reader = new HttpReader(stream);
        try
        {
            var status = ReadStatus(stream, reader);
            findings.Count($"{where} {status}");
            if (status is 500 or 503 or < 200)
                findings.Find($"status {status} {where}", input);
        }
        catch (IOException e) when (e.Message.Contains("not an HTTP answer", StringComparison.Ordinal))
        {
            findings.Find($"{where}: {e.Message}", input);
        }
        catch (IOException e) when (WireStream.IsTimeout(e))
        {
            findings.Find($"neither an answer nor an end {where}", input);
        }
        catch (IOException)
        {
            findings.Count($"{where} closed");
        }
    }

    private static int ReadStatus(WireStream stream, HttpReader reader)
    {
        stream.SetPatience(HalfCloseAfter);
        try
        {
            return reader.ReadAnswer();
        }
        catch (IOException e) when (WireStream.IsTimeout(e))
        {
            stream.SetPatience(Patience);
            stream.ShutdownSend();
            return reader.ReadAnswer();
        }
    }
}
