using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bottle.Benchmarks;
using Bottle.Benchmarks.Git;
using Bottle.Benchmarks.Launch;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Origins;
using Bottle.Benchmarks.Soak;
using Bottle.Host.Images;

[assembly: SupportedOSPlatform("linux")]

if (args is ["origin", .. var originArguments])
    return OriginCommand.Run(originArguments);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Environment.Exit(130));
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Environment.Exit(143));
// Bottles that are started here ask no real registry for pipelock: nobody listens where they ask, so the stand-in takes its place. A run that names an image has it.
if (Environment.GetEnvironmentVariable(PipelockImage.Variable) is null)
    Environment.SetEnvironmentVariable(PipelockImage.Variable, "127.0.0.1:1/pipelock:2.3.0");
try
{
    switch (args)
    {
        case ["egress", .. var rest]:
            var options = BenchOptions.Parse(rest);
            ClientCores.Take(CpuLayout.For(Environment.ProcessorCount, options.ProxyCores));
            return EgressCommand.Run(options);
        case ["launch", .. var rest]:
            return LaunchCommand.Run(BenchOptions.Parse(rest));
        case ["git", .. var rest]:
            return GitCommand.Run(BenchOptions.Parse(rest));
        case ["soak", "egress", .. var rest]:
            return SoakCommand.Run(BenchOptions.Parse(rest));
        case ["soak", "launch", .. var rest]:
            return LaunchSoak.RunAsync(BenchOptions.Parse(rest)).GetAwaiter().GetResult();
        default:
            Console.Error.WriteLine(BenchOptions.Usage);
            return 2;
    }
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message}\n{BenchOptions.Usage}");
    return 2;
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
