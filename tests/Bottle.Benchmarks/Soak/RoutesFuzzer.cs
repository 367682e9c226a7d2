using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Bottle.Benchmarks.Contestants;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Soak;

/// <summary>Gives a sidecar of its own broken route tables and SIGHUP; after each, the next good table must come into force, and introspection must answer throughout.</summary>
internal sealed class RoutesFuzzer(RunningContestant sidecar, IPEndPoint origin, int seed, SoakFindings findings)
{
    private static readonly string[] Tokens = ["\n", "  ", "- ", ": ", "&a ", "*a", "!!int ", "{", "}", "[", "]", "\"", "'", "|", ">", "---\n", "...\n", "\t", "%YAML 1.1\n", "<<: *a", "null", "~", "99999999999", "-1", "\u00ff", "\0", "generation: 7\n", "host: \"*.test\"\n", "? "];
    private static readonly TimeSpan MostReload = TimeSpan.FromSeconds(5);
    private readonly Random _random = new(seed);
    private int _generation = 1;

    /// <summary>One broken table, then one good one.</summary>
    internal void Once()
    {
        var broken = new ByteMutator(_random, Tokens).Mutate(EgressSidecar.Routes(origin, ++_generation));
        Put(broken);
        if (Generation(broken) is null)
            return;
        var good = Encoding.UTF8.GetBytes(EgressSidecar.Routes(origin, ++_generation));
        Put(good);
        var until = DateTime.UtcNow + MostReload;
        while (Generation(broken) is { } inForce && inForce != _generation)
        {
            if (DateTime.UtcNow > until)
            {
                findings.Find(string.Create(CultureInfo.InvariantCulture, $"generation {inForce} is in force instead of {_generation}"), broken);
                return;
            }
            Thread.Sleep(5);
        }
        findings.Count("route tables");
    }

    private void Put(byte[] table)
    {
        var file = EgressSidecar.RoutesFile(sidecar.Folder);
        File.WriteAllBytes(file + ".new", table);
        File.Move(file + ".new", file, overwrite: true);
        sidecar.Child!.Signal(PosixSignal.SIGHUP);
    }

    private int? Generation(byte[] lastBroken)
    {
        try
        {
            using var stream = WireStream.OpenTcp(sidecar.Target.Address);
            stream.SetPatience(MostReload);
            stream.Write("GET http://_egress.local/healthz HTTP/1.1\r\nHost: _egress.local\r\n\r\n"u8);
            var reader = new HttpReader(stream);
            if (reader.ReadAnswer() == 200)
                return JsonDocument.Parse(reader.DrainText()).RootElement.GetProperty("generation").GetInt32();
            findings.Find("introspection does not answer 200", lastBroken);
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            findings.Find($"introspection: {e.Message}", lastBroken);
        }
        return null;
    }
}
