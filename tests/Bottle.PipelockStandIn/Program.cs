using Bottle.PipelockStandIn;
using Bottle.PipelockStandIn.Configuration;

// Not pipelock: a stand-in for tests and demos where the real image cannot be pulled. Same path, arguments and configuration file.
try
{
    return args switch
    {
        ["run", .. var rest] => await StandIn.RunAsync(Option(rest, "--config") ?? throw new ConfigException("--config is required")),
        ["check", .. var rest] => Check(ConfigReader.ReadFile(Option(rest, "--config") ?? throw new ConfigException("--config is required"))),
        ["healthcheck", .. var rest] => await HealthCheck.RunAsync(Option(rest, "--addr") ?? "127.0.0.1:8888"),
        ["version"] => Say("pipelock-stand-in for pipelock 2.3.0"),
        _ => Usage(),
    };
}
catch (ConfigException e)
{
    Console.Error.WriteLine($"pipelock-stand-in: {e.Message}");
    return 1;
}

static string? Option(string[] args, string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}

static int Check(StandInConfig config) => Say($"valid: {config.Allowlist.Count} hosts allowed");

static int Say(string text)
{
    Console.WriteLine(text);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: pipelock run --config FILE | check --config FILE | healthcheck [--addr A] | version   (a stand-in, not pipelock)");
    return 1;
}
