using System.Text.Json;
using System.Text.Json.Nodes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Host.Sessions;
using NUnit.Framework;

namespace Bottle.Host.Tests.Sessions;

/// <summary>What Docker 26.1 says of an agent's container and its network, made small; each test breaks one thing in it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ConfinementCheckTests
{
    private const string InternalName = "claude-bottle-demo-k3x9a_internal";

    private static readonly BottlePlan Plan = PlanOf("demo-k3x9a");

    private static string Container => $$"""
        {
          "HostConfig": {
            "NetworkMode": "{{InternalName}}", "Runtime": "runc", "PidMode": "", "IpcMode": "private", "UTSMode": "", "UsernsMode": "",
            "CapAdd": null, "CapDrop": ["ALL"], "Privileged": false, "ReadonlyRootfs": true, "SecurityOpt": ["no-new-privileges:true"], "Tmpfs": {"/tmp": ""}
          },
          "Mounts": [{"Type": "bind", "Source": "/home/me/.claude-bottle/state/demo-k3x9a/agent/input", "Destination": "/etc/claude-bottle/agent", "Mode": "ro", "RW": false, "Propagation": "rprivate"}],
          "Config": {"User": "{{Plan.RunAs}}", "Volumes": null},
          "NetworkSettings": {"Networks": { "{{InternalName}}": {"Gateway": ""} } }
        }
        """;

    private static string Network => $$"""{"Name": "{{InternalName}}", "Driver": "bridge", "EnableIPv6": false, "Internal": true}""";

    [Test]
    public void What_runs_as_planned_has_no_findings()
    {
        Assert.That(Plan.Networks.Internal.Name, Is.EqualTo(InternalName));
        Assert.That(Findings(), Is.Empty);
    }

    [TestCase("HostConfig.Privileged", "true", "the agent's container is privileged")]
    [TestCase("HostConfig.CapAdd", """["NET_ADMIN"]""", "the agent's container has capabilities NET_ADMIN")]
    [TestCase("HostConfig.CapDrop", "null", "the agent's container keeps the default capabilities")]
    [TestCase("HostConfig.CapDrop", """["NET_RAW"]""", "the agent's container keeps the default capabilities")]
    [TestCase("HostConfig.SecurityOpt", "null", "the agent's container may gain privileges")]
    [TestCase("HostConfig.SecurityOpt", """["seccomp=unconfined"]""", "the agent's container may gain privileges")]
    [TestCase("HostConfig.ReadonlyRootfs", "false", "the agent's root file system can be written")]
    [TestCase("HostConfig.PidMode", "\"host\"", "the agent's container shares the host's PidMode")]
    [TestCase("HostConfig.NetworkMode", "\"host\"", "the agent's container shares the host's NetworkMode")]
    [TestCase("HostConfig.UsernsMode", "\"host\"", "the agent's container shares the host's UsernsMode")]
    [TestCase("HostConfig.UTSMode", "\"host\"", "the agent's container shares the host's UTSMode")]
    [TestCase("HostConfig.Runtime", "\"\"", "the agent's container runs under '', planned is runc")]
    [TestCase("HostConfig.Runtime", "\"runsc\"", "the agent's container runs under 'runsc', planned is runc")]
    [TestCase("HostConfig.IpcMode", "\"host\"", "the agent's container shares the host's IpcMode")]
    [TestCase("NetworkSettings.Networks", """{"bridge":{}}""", $"the agent's networks are bridge, planned is {InternalName} alone")]
    [TestCase("NetworkSettings.Networks", $$$"""{"{{{InternalName}}}":{},"bridge":{}}""", $"the agent's networks are {InternalName}, bridge, planned is {InternalName} alone")]
    [TestCase("NetworkSettings.Networks", "{}", $"the agent's networks are , planned is {InternalName} alone")]
    public void A_container_that_is_not_as_planned_is_a_finding(string key, string value, string finding) => Assert.That(Findings(container: (key, value)), Is.EqualTo((string[])[finding]));

    [TestCase("Internal", "false", $"network {InternalName} is not internal")]
    [TestCase("EnableIPv6", "true", $"network {InternalName} has IPv6")]
    public void A_network_that_is_not_as_planned_is_a_finding(string key, string value, string finding) => Assert.That(Findings(network: (key, value)), Is.EqualTo((string[])[finding]));

    [TestCase("\"\"", "")]
    [TestCase("\"0:0\"", "0:0")]
    public void Another_user_is_a_finding(string value, string user) =>
        Assert.That(Findings(container: ("Config.User", value)), Is.EqualTo((string[])[$"the agent runs as '{user}', planned is {Plan.RunAs}"]));

    [TestCase("""{"Type": "bind", "Source": "/home/me/src", "Destination": "/src", "Mode": "", "RW": true, "Propagation": "rprivate"}""", "the agent can write to the host's /home/me/src")]
    [TestCase("""{"Type": "volume", "Name": "9a1f", "Source": "/var/lib/docker/volumes/9a1f/_data", "Destination": "/data", "Driver": "local", "Mode": "", "RW": true, "Propagation": ""}""",
        "the agent has a volume at /data, which the plan does not have (VOLUME in its image's Dockerfile?)")]
    [TestCase("""{"Type": "volume", "Name": "9a1f", "Source": "/var/lib/docker/volumes/9a1f/_data", "Destination": "/data", "Driver": "local", "Mode": "z", "RW": false, "Propagation": ""}""",
        "the agent has a volume at /data, which the plan does not have (VOLUME in its image's Dockerfile?)")]
    [TestCase("""{"Type": "cluster", "Source": "", "Destination": "/data", "Mode": "", "RW": true, "Propagation": ""}""",
        "the agent has a cluster at /data, which the plan does not have (VOLUME in its image's Dockerfile?)")]
    public void A_mount_that_can_be_written_or_was_not_planned_is_a_finding(string mount, string finding) => Assert.That(Findings(container: ("Mounts", $"[{mount}]")), Is.EqualTo((string[])[finding]));

    [TestCase("/home/me/.claude-bottle/state/demo-k3x9a/agent/home", "/home/agent", true)]
    [TestCase("/home/me/.claude-bottle/state/other-k3x9a/agent/home", "/home/agent", false)]
    [TestCase("/home/me", "/home/agent", false)]
    [TestCase("/home/me/.claude-bottle/state/demo-k3x9a/agent/home", "/elsewhere", false)]
    [TestCase("/home/me/.claude-bottle/state/demo-k3x9a/agent/work", "/work/app", true)]
    [TestCase("/home/me/app", "/work/app", false)]
    public void The_agent_writes_into_its_home_and_its_copy_of_this_run_and_nowhere_else(string source, string target, bool planned)
    {
        var copy = Plan with { Workspace = new WorkspacePlan(WorkspaceKind.Copy, "/home/me/app", "/work/app") };
        var mount = JsonSerializer.Serialize(new[] { new Dictionary<string, object> { ["Type"] = "bind", ["Source"] = source, ["Destination"] = target, ["RW"] = true } });
        Assert.That(ConfinementCheck.Findings(Parse(With(Container, "Mounts", mount)), Parse(Network), copy).Any(), Is.EqualTo(!planned));
    }

    [Test]
    public void A_tmpfs_is_no_finding() =>
        Assert.That(Findings(container: ("Mounts", """[{"Type": "tmpfs", "Source": "", "Destination": "/tmp", "Mode": "", "RW": true, "Propagation": ""}]""")), Is.Empty);

    [Test]
    public void Runc_in_place_of_the_gVisor_that_was_planned_is_a_finding()
    {
        var gVisor = Plan with { Agent = Plan.Agent with { Runtime = new RuntimePlan("runsc", "a container that was tried runs under gVisor") } };
        Assert.That(ConfinementCheck.Findings(Parse(Container), Parse(Network), gVisor), Is.EqualTo((string[])["the agent's container runs under 'runc', planned is runsc"]));
    }

    [Test]
    public void Everything_that_is_wrong_is_found_at_once()
    {
        var container = With(Container, "HostConfig.Privileged", "true");
        Assert.That(ConfinementCheck.Findings(Parse(With(container, "HostConfig.ReadonlyRootfs", "false")), Parse(With(Network, "Internal", "false")), Plan).Count(), Is.EqualTo(3));
    }

    private static List<string> Findings((string Key, string Value)? container = null, (string Key, string Value)? network = null) =>
        [.. ConfinementCheck.Findings(
            Parse(container is var (key, value) ? With(Container, key, value) : Container),
            Parse(network is var (name, other) ? With(Network, name, other) : Network), Plan)];

    private static string With(string json, string key, string value)
    {
        var root = JsonNode.Parse(json)!;
        var names = key.Split('.');
        var parent = names[..^1].Aggregate(root, (node, name) => node[name]!);
        Assert.That(parent.AsObject().ContainsKey(names[^1]), $"the account has no {key}");
        parent[names[^1]] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    private static JsonElement Parse(string json) => JsonElement.Parse(json);

    private static BottlePlan PlanOf(string identity)
    {
        static Located<string> At(string value) => new(value, new SourceSpan("bottles/dev.md", 1, 1));
        var request = new LaunchRequest
        {
            Identity = identity,
            Agent = new AgentManifest { Name = "demo", File = "bottles/agents/demo.md", Bottle = At("dev"), Command = ["bash"], Prompt = "", Where = At("").Where },
            Bottle = new BottleManifest { Name = "dev", File = "bottles/dev.md" },
        };
        return Planner.Plan(request, new HostFacts()).Require();
    }
}
