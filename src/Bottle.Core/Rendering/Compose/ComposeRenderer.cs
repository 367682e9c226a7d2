using System.Globalization;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Yaml;

namespace Bottle.Core.Rendering.Compose;

/// <summary>Writes <c>docker-compose.yml</c> (SPEC D6, D8): the typed model, and the hardening of facts/docker.md 5 on every service without exception.</summary>
public static class ComposeRenderer
{
    private const string ClosedDns = "127.0.0.1";

    /// <summary>The Compose file of a plan.</summary>
    public static IReadOnlyList<RenderedFile> Render(BottlePlan plan) =>
        [new RenderedFile(StateLayout.ComposeFile, Write(ComposeFile.From(plan), plan.Revision))];

    private static string Write(ComposeFile file, int revision) => YamlText.Document(
        [string.Create(CultureInfo.InvariantCulture, $"Written by Bottle from plan revision {revision}. Not read back: change the manifest instead.")],
        yaml =>
        {
            yaml.Key("name").Text(file.Project);
            yaml.Key("services").Map(() =>
            {
                foreach (var service in file.Services)
                    yaml.Key(service.Name).Map(() => Service(yaml, service));
            });
            yaml.Key("networks").Map(() =>
            {
                foreach (var network in file.Networks)
                    yaml.Key(network.Key).Map(() => Network(yaml, network));
            });
        },
        EscapeInterpolation);

    // Compose would replace $NAME and ${NAME} by variables of its own environment.
    private static string EscapeInterpolation(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    private static void Service(YamlText yaml, ComposeService service)
    {
        yaml.Key("container_name").Text(service.ContainerName);
        yaml.Key("image").Text(service.Image);
        yaml.Key("pull_policy").Text("never");
        if (service.Runtime is { } runtime)
            yaml.Key("runtime").Text(runtime);
        if (service.Entrypoint.Count > 0)
            yaml.Key("entrypoint").Texts(service.Entrypoint);
        if (service.Command.Count > 0)
            yaml.Key("command").Texts(service.Command);
        if (service.WorkingDirectory is { } directory)
            yaml.Key("working_dir").Text(directory);
        Hardening(yaml, service);
        Environment(yaml, service);
        Mounts(yaml, service);
        Networks(yaml, service);
        Order(yaml, service);
        yaml.Key("labels").Map(() => Pairs(yaml, service.Labels));
        yaml.Key("logging").Map(() =>
        {
            yaml.Key("driver").Text("json-file");
            yaml.Key("options").Map(() => Pairs(yaml, [new("max-size", "10m"), new("max-file", "2")]));
        });
    }

    private static void Hardening(YamlText yaml, ComposeService service)
    {
        var memory = string.Create(CultureInfo.InvariantCulture, $"{service.Limits.MemoryMiB}m");
        yaml.Key("user").Text(service.User);
        yaml.Key("init").Flag(true);
        if (!service.RootIsWritable)
            yaml.Key("read_only").Flag(true);
        yaml.Key("cap_drop").Texts(["ALL"]);
        yaml.Key("security_opt").Texts(["no-new-privileges:true"]);
        yaml.Key("mem_limit").Text(memory);
        yaml.Key("memswap_limit").Text(memory);
        yaml.Key("cpus").Number(service.Limits.Cpus);
        yaml.Key("pids_limit").Number(service.Limits.Pids);
        yaml.Key("ulimits").Map(() =>
        {
            yaml.Key("core").Number(0);
            yaml.Key("nofile").Number(4096);
        });
        // With two networks a container must not route between them, whatever the host's default is.
        if (service.Networks.Count > 1)
            yaml.Key("sysctls").Map(() => Pairs(yaml, [new("net.ipv4.ip_forward", "0")]));
        yaml.Key("restart").Text(service.RestartsOnFailure ? "on-failure" : "no");
        // Named, so that 'docker kill --signal HUP' is no stop: without it the engine takes any signal for the wish to end, and a sidecar that was reloaded once would never be started again after a crash (measured with 26.1).
        yaml.Key("stop_signal").Text("SIGTERM");
        yaml.Key("stop_grace_period").Text("2s");
    }

    private static void Environment(YamlText yaml, ComposeService service)
    {
        if (service.Environment.Count == 0)
            return;
        yaml.Key("environment").Map(() =>
        {
            foreach (var (name, value) in service.Environment)
            {
                yaml.DataKey(name);
                if (value is null)
                    yaml.Nothing();
                else
                    yaml.Text(value);
            }
        });
    }

    private static void Mounts(YamlText yaml, ComposeService service)
    {
        yaml.Key("volumes").List(service.Mounts, flow: false, write: mount => yaml.Map(() =>
        {
            yaml.Key("type").Text("bind");
            yaml.Key("source").Text(mount.Source);
            yaml.Key("target").Text(mount.Target);
            yaml.Key("read_only").Flag(mount.ReadOnly);
            // Otherwise a missing source becomes an empty folder of root's.
            yaml.Key("bind").Map(() => yaml.Key("create_host_path").Flag(false), flow: true);
        }));
        yaml.Key("tmpfs").Texts(service.Tmpfs, flow: false);
    }

    private static void Networks(YamlText yaml, ComposeService service)
    {
        yaml.Key("networks").Map(() =>
        {
            foreach (var endpoint in service.Networks)
            {
                yaml.Key(endpoint.Network).Map(flow: endpoint is { Address: null, Alias: null }, body: () =>
                {
                    if (endpoint.Address is { } address)
                        yaml.Key("ipv4_address").Text(address);
                    if (endpoint.Alias is { } alias)
                        yaml.Key("aliases").Texts([alias]);
                });
            }
        });
        if (service.ExtraHosts.Count > 0)
            yaml.Key("extra_hosts").Map(() => Pairs(yaml, service.ExtraHosts));
        if (service.ResolvesOutside)
            return;
        // The embedded DNS still answers for the run's own names. Old engines answer nothing else: hence the short time-out.
        yaml.Key("dns").Texts([ClosedDns]);
        yaml.Key("dns_opt").Texts(["timeout:1", "attempts:1"]);
    }

    private static void Order(YamlText yaml, ComposeService service)
    {
        if (service.DependsOn.Count > 0)
        {
            yaml.Key("depends_on").Map(() =>
            {
                foreach (var dependency in service.DependsOn)
                    yaml.Key(dependency.Service).Map(() => yaml.Key("condition").Text(dependency.Healthy ? "service_healthy" : "service_started"));
            });
        }
        if (service.Healthcheck.Count == 0)
            return;
        yaml.Key("healthcheck").Map(() =>
        {
            yaml.Key("test").Texts(service.Healthcheck);
            yaml.Key("interval").Text(Duration(service.HealthTimes.Interval));
            yaml.Key("timeout").Text(Duration(service.HealthTimes.Timeout));
            yaml.Key("retries").Number(service.HealthTimes.Retries);
        });
    }

    private static string Duration(int milliseconds) =>
        milliseconds % 1000 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}s") : string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");

    private static void Network(YamlText yaml, ComposeNetwork network)
    {
        yaml.Key("name").Text(network.Name);
        yaml.Key("driver").Text("bridge");
        if (network.Internal)
        {
            yaml.Key("internal").Flag(true);
            yaml.Key("driver_opts").Map(() => Pairs(yaml, [new("com.docker.network.bridge.inhibit_ipv4", "true")]));
        }
        yaml.Key("enable_ipv6").Flag(false);
        yaml.Key("ipam").Map(() => yaml.Key("config").List([network.Subnet], flow: false, write: subnet =>
            yaml.Map(() => yaml.Key("subnet").Text(subnet))));
        yaml.Key("labels").Map(() => Pairs(yaml, network.Labels));
    }

    private static void Pairs(YamlText yaml, IReadOnlyList<ComposeEntry> pairs)
    {
        foreach (var (key, value) in pairs)
            yaml.DataKey(key).Text(value);
    }
}
