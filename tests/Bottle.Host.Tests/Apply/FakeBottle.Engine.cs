using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Processes;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

/// <summary>What its engine, its egress and its pipelocks answer.</summary>
internal sealed partial class FakeBottle
{
    /// <summary>The program in egress's container that waits for a table; it ends with its container.</summary>
    private async Task<CommandResult> AwaitAsync(int generation)
    {
        var before = ReloadError;
        for (var tries = 0; tries < 300; tries++)
        {
            lock (gate)
            {
                if (!EgressRuns)
                    return new(137, "", "");
                if (Live.Generation == generation)
                    return new(0, Health(), "");
                if (ReloadError != before)
                    return new(3, Health(), "");
            }
            await Task.Delay(1);
        }
        return new(1, "", "it did not come in time");
    }

    private CommandResult Answer(string[] words) => words switch
    {
        ["exec", var name, "/egress", "introspect", "healthz"] when name == Name("egress") => EgressRuns ? new(0, Health(), "") : new(1, "", "container is not running"),
        ["exec", var name, "/egress", "introspect", "allowlist"] when name == Name("egress") => new(0, Allowlist(), ""),
        ["kill", "--signal", "HUP", var name] => Signal(name),
        ["kill", "--signal", "KILL", var name] => new(0, name, ""),
        ["restart", var name] => RestartSidecar(name),
        ["logs", "--timestamps", .. var options, var name] => Log(options, name),
        ["compose", .., "up", "--detach", "--wait", "--wait-timeout", _, "--no-build", "--quiet-pull", "--no-deps", "--no-recreate", var service] => Up(service),
        ["rm", "--force", "--volumes", var name] => Remove(name),
        ["ps", ..] => new(0, string.Join('\n', pipelocks.Keys.Append("egress").Append("supervise").Concat(AgentRuns ? ["agent"] : []).Select(Row)), ""),
        ["inspect", .., "{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}", var name] => new(0, name == Name("egress") && !EgressRuns ? "exited\n" : "running healthy\n", ""),
        ["logs" or "inspect", ..] => new(0, "", ""),
        _ => throw new InvalidOperationException($"no answer for: {string.Join(' ', words)}"),
    };

    private string Name(string service) => Plan.Names.Container(service);

    private string Row(string service) => JsonSerializer.Serialize(new { id = service, name = Name(service), state = "running", identity = Plan.Identity, service, home = Home.Hash });

    private string Health() => JsonSerializer.Serialize(new
    {
        status = "ok",
        generation = Live.Generation,
        pipelock = Live.Pipelock ?? "pipelock-r1",
        requests = 0,
        draining = Draining.Select(pipelock => new { generation = 1, pipelock, requests = 1 }),
        reload_error = ReloadError is null ? null : new { time = ReloadError, reason = "1:1: not what a table is" },
    });

    private string Allowlist() => JsonSerializer.Serialize(new
    {
        routes = Live.Routes.Select(route => new { host = route.Host, lease = route.Lease is { } lease ? new { id = lease.Id, state = UsedUp.Contains(lease.Id) ? "used up" : "in force" } : null }),
    });

    private CommandResult Signal(string name)
    {
        if (name == Name("egress") && EgressRuns)
        {
            ReadRoutes();
            return new(0, name, "");
        }
        if (pipelocks.FirstOrDefault(p => Name(p.Key) == name) is not { Value: { } pipelock, Key: var service })
            return new(1, "", $"Error response from daemon: Container {name} is not running");
        if (PipelockHangs)
            return new(0, name, "");
        if (PipelockQuotes is { } line && signalled++ == 0)
        {
            // The line of a request comes first, and the signal is one of those that pipelock passes over.
            pipelock.Say(Interlocked.Increment(ref lines), line);
            return new(0, name, "");
        }
        pipelock.Read(File.ReadAllText(State[StateLayout.PipelockConfig(service)]), PipelockRefuses, () => Interlocked.Increment(ref lines));
        return new(0, name, "");
    }

    private void ReadRoutes()
    {
        var read = RoutesReader.Read(File.ReadAllText(State[StateLayout.Routes]));
        if (EgressRefuses || read.File is null)
        {
            ReloadError = $"2026-01-01T00:00:00.{Interlocked.Increment(ref lines):D9}Z";
            WhenRefused?.Invoke();
            WhenRefused = null;
            return;
        }
        Live = read.File;
        ReloadError = null;
    }

    private CommandResult Log(string[] options, string name)
    {
        if (pipelocks.FirstOrDefault(p => Name(p.Key) == name) is not { Value: { } pipelock })
            return new(1, "", $"Error response from daemon: No such container: {name}");
        var log = options switch
        {
            ["--since", var since] => pipelock.Log.Where(line => string.CompareOrdinal(line.Split(' ')[0], since) >= 0),
            ["--tail", "1"] => pipelock.Log.TakeLast(1),
            _ => pipelock.Log,
        };
        return new(0, string.Join('\n', log), "");
    }

    private CommandResult Up(string service)
    {
        Assert.That(File.ReadAllText(State[StateLayout.ComposeFile]), Does.Contain($"\n  {service}:\n"), "the Compose file has the service before it is started");
        if (UpFails)
            return new(1, "", $"container {Name(service)} is unhealthy");
        Start(service);
        return new(0, "", "");
    }

    private CommandResult RestartSidecar(string name)
    {
        if (RestartFails)
            return new(1, "", $"Error response from daemon: Cannot restart container {name}: no space left on device");
        if (name == Name("egress"))
        {
            (EgressRuns, EgressRefuses) = (true, false);
            ReadRoutes();
            return new(0, name, "");
        }
        PipelockHangs = false;
        var (service, pipelock) = pipelocks.Single(p => Name(p.Key) == name);
        pipelock.Restart(File.ReadAllText(State[StateLayout.PipelockConfig(service)]), () => Interlocked.Increment(ref lines));
        return new(0, name, "");
    }

    private CommandResult Remove(string name)
    {
        if (pipelocks.Keys.FirstOrDefault(service => Name(service) == name) is { } service)
            pipelocks.Remove(service);
        return new(0, name, "");
    }

    private void Start(string service) =>
        pipelocks[service] = FakePipelock.Started(File.ReadAllText(State[StateLayout.PipelockConfig(service)]), () => Interlocked.Increment(ref lines));
}
