using System.Diagnostics;
using Bottle.Benchmarks.Contestants;
using Bottle.Benchmarks.Load;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Measures;
using Bottle.Benchmarks.Origins;

namespace Bottle.Benchmarks.Soak;

/// <summary><c>bench soak egress</c>: for some minutes one sidecar is fuzzed while it also moves a large download and upload and holds a silent event stream, and another is given broken
/// route tables. Exit code 0 when nothing was found and memory stayed flat.</summary>
internal static class SoakCommand
{
    private const int Fuzzers = 2;
    private const long Mega = 1_000_000;
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(1);

    internal static int Run(BenchOptions options)
    {
        using var workspace = new Workspace(options.KeepsFolder);
        var executable = options.EgressExecutable ?? SidecarBinary.Publish(workspace.Folder("egress-publish"));
        using var origin = OriginProcess.Start(workspace, CpuLayout.For(Environment.ProcessorCount, proxyCores: 1));
        var contestant = new EgressSidecar(EgressSidecar.DefaultName, executable, new Dictionary<string, string>());
        using var sidecar = Bout.Start(contestant, origin.Rig);
        using var tableSidecar = Bout.Start(contestant, origin.Rig);
        var findings = new SoakFindings();
        var memory = new MemoryWatch(sidecar);
        Console.Error.WriteLine($"soak: {options.Minutes} minutes, seed {options.Seed}");

        var end = Stopwatch.GetTimestamp() + (long)(options.Minutes * 60 * Stopwatch.Frequency);
        var threads = new List<Thread>
        {
            Repeat(end, Pulse, "pulse", findings, () => Beat(sidecar, memory, findings), sidecar),
            Start("silent stream", findings, () => HoldSilentStream(sidecar, TimeSpan.FromMinutes(options.Minutes))),
            Start("bulk", findings, () => MoveBulk(sidecar, options.Megabytes * Mega)),
            Repeat(end, TimeSpan.Zero, "routes", findings, new RoutesFuzzer(tableSidecar.Running, origin.Rig.Origin, options.Seed, findings).Once, tableSidecar),
        };
        for (var number = 1; number <= Fuzzers; number++)
            threads.Add(Repeat(end, TimeSpan.Zero, $"requests {number}", findings, new RequestFuzzer(sidecar.Target, options.Seed + number, findings).Once, sidecar));
        threads.ForEach(thread => thread.Join());

        foreach (var violation in origin.Violations())
            findings.Find(violation);
        if (memory.Growth() > MemoryWatch.MostGrowthMb)
            findings.Find($"memory grew by {memory.Growth():F1} MB, more than {MemoryWatch.MostGrowthMb}");
        return SoakReport.Write(options, findings, memory);
    }

    private static void Beat(Bout sidecar, MemoryWatch memory, SoakFindings findings)
    {
        var load = sidecar.Measure(generator => generator.NewConnections(1, TimeSpan.FromSeconds(30), mostPerConnection: 1));
        foreach (var error in load.Errors.First)
            findings.Find($"a good request failed: {error}");
        findings.Count("good requests");
        memory.Read();
    }

    private static void HoldSilentStream(Bout sidecar, TimeSpan length)
    {
        var path = OriginAnswers.EventsPath(2, length);
        var reading = new EventStreamProbe(sidecar.Target, length + TimeSpan.FromMinutes(1)).Read(path, OriginAnswers.FilePath);
        if (reading.LagsMs.Count != 2)
            throw new IOException($"{reading.LagsMs.Count} events instead of 2");
    }

    private static void MoveBulk(Bout sidecar, long bytes)
    {
        var transfer = new BulkTransfer(sidecar.Target);
        transfer.Download(OriginAnswers.BulkPath(bytes), bytes);
        transfer.Upload(OriginAnswers.UploadPath, bytes);
    }

    private static Thread Repeat(long end, TimeSpan pause, string name, SoakFindings findings, Action once, Bout victim) => Start(name, findings, () =>
    {
        while (Stopwatch.GetTimestamp() < end)
        {
            once();
            if (victim.Child!.HasExited)
                throw new IOException($"the sidecar is dead; its last lines:\n{victim.Child.LastLines()}");
            Thread.Sleep(pause);
        }
    });

    private static Thread Start(string name, SoakFindings findings, Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
                findings.Count($"{name}: done");
            }
            catch (IOException e)
            {
                findings.Find($"{name}: {e.Message}");
            }
        });
        thread.Start();
        return thread;
    }
}
