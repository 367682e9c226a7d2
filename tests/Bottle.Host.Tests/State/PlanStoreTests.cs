using System.Text.Json.Nodes;
using Bottle.Contracts.Git;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Tests.Planning;
using Bottle.Host.Processes;
using Bottle.Host.State;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Bottle.Host.Tests.State;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PlanStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StateDirectory state;

    public PlanStoreTests() => state = new StateStore(new BottleHome(folder.Path), new CommandRunner()).Create("implementer-00000");

    public void Dispose()
    {
        state.Dispose();
        folder.Dispose();
    }

    private static Gen<RouteManifest> Routes =>
        from host in Gen.Elements("api.demo.test", "a.example.com", "*.b.example.com", "c.org")
        from paths in Gen.Elements<IReadOnlyList<string>?>(null, ["/v1/*", "/x"])
        from methods in Gen.Elements<IReadOnlyList<string>?>(null, ["GET", "POST"])
        from secret in Gen.Elements<SecretRef?>(null, new SecretRef.Environment("EX_TOKEN"), new SecretRef.File("keys/\"odd\" ü"), new SecretRef.Command(["gh", "auth", "token"]))
        select Samples.Route(host) with
        {
            Paths = paths,
            Methods = methods,
            Inspect = !host.StartsWith('*'),
            Auth = secret is null ? null : new AuthManifest { Scheme = AuthScheme.Header, Header = "x-key", Token = new Located<SecretRef>(secret, Samples.Span(9)) },
        };

    private static Gen<BottlePlan> Plans =>
        from routes in Routes.ListOf()
        from supervise in Gen.Elements(true, false)
        from git in Gen.Elements(true, false)
        from claude in Gen.Elements(true, false)
        from uid in Gen.Elements(0, 501, 1000)
        from literal in Gen.Elements("$HOME", "two\nlines", "\u0000x".Trim('\0'), "🙂 \u202e")
        from change in Gen.Elements<PolicyChange?>(
            null, new PolicyChange.StopInspecting("a.example.com"),
            new PolicyChange.Add(new Route { Host = "new.example.com", Lease = new RouteLease { Id = "p1", Uses = 3, Until = DateTimeOffset.UnixEpoch }, Provider = new ProviderPolicy { Betas = ["b"] } }))
        let bottle = Samples.Bottle([.. routes]) with
        {
            Supervise = supervise,
            TestUpstreams = supervise ? [Samples.Upstream("api.demo.test")] : [],
            Environment = [Samples.Literal("A", literal), Samples.FromHost("B", "HOST_B", 4)],
            Git = git ? [Samples.Remote("app", "ssh://git@git.example.com/app.git") with { HostIp = Samples.At("10.1.2.3", 23), Push = new PushPolicy { Force = true, Branches = [] } }] : [],
        }
        let first = Samples.Plan(claude ? Samples.Launch(bottle, "claude") : Samples.Launch(bottle), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN") with { Uid = uid })
        select change is null ? first : PlanRevision.Next(first, change).Plan ?? first;

    [Test]
    public void What_was_written_is_what_is_read() => Prop.ForAll(Plans.ToArbitrary(), plan =>
    {
        PlanStore.Write(state, plan);
        var text = File.ReadAllText(state[StateLayout.Plan]);
        var read = PlanStore.Read(state)!;
        PlanStore.Write(state, read);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(state[StateLayout.Plan]), Is.EqualTo(text));
            Assert.That(Renderer.Render(read), Is.EqualTo(Renderer.Render(plan)));
            Assert.That(PlanText.Render(read) + PlanJson.Render(read, []) + PreflightText.Render(read), Is.EqualTo(PlanText.Render(plan) + PlanJson.Render(plan, []) + PreflightText.Render(plan)));
            Assert.That(read.Egress?.Tokens.Select(t => t.Secret.ToString()), Is.EqualTo(plan.Egress?.Tokens.Select(t => t.Secret.ToString())));
        });
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Every_member_that_a_plan_has_is_kept()
    {
        // A member that is not written is one that a reader would silently default: compared on the types, so that a new one is noticed.
        PlanStore.Write(state, Samples.Plan(Samples.Demo(), Samples.DemoFacts()));
        var json = JsonNode.Parse(File.ReadAllText(state[StateLayout.Plan]))!.AsObject();
        Assert.That(Flat(json.Select(p => p.Key)), Is.EquivalentTo(Flat(Settable(typeof(BottlePlan)))));
        Assert.That(Flat(json["pipelock"]!.AsObject().Select(p => p.Key)), Is.EquivalentTo(Flat(Settable(typeof(PipelockPlan)))));
        Assert.That(Flat(json["egress"]!["routes"]![0]!.AsObject().Select(p => p.Key)), Is.EquivalentTo(Flat(Settable(typeof(Route)))));
        Assert.That(json["egress"]!["tokens"]![0]!["secret"]!.ToJsonString(), Is.EqualTo("""{"from":"env","name":"DEMO_TOKEN"}"""));
    }

    [Test]
    public void The_file_is_the_operators_alone()
    {
        PlanStore.Write(state, Samples.Plan());
        Assert.That(File.GetUnixFileMode(state[StateLayout.Plan]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void Without_a_file_there_is_no_plan() => Assert.That(PlanStore.Read(state), Is.Null);

    [TestCase("$.surplus", "1")]
    [TestCase("$.pipelock.passthroughs", "[]")]
    [TestCase("$.egress.tokens", "[{\"name\":\"EGRESS_TOKEN_0\",\"secret\":{\"from\":\"somewhere\"},\"source\":\"x\"}]")]
    [TestCase("$.egress.tokens", "[{\"name\":\"EGRESS_TOKEN_0\",\"secret\":{\"from\":\"env\",\"name\":\"A\",\"value\":\"hunter2\"},\"source\":\"x\"}]")]
    [TestCase("$.egress.routes", "null")]
    [TestCase("$.revision", "\"1\"")]
    [TestCase("$.identity", "\"other-00000\"")]
    [TestCase("$.agent", "{}")]
    public void What_is_no_plan_of_this_version_and_run_is_refused(string path, string value)
    {
        PlanStore.Write(state, Samples.Plan(Samples.Demo(), Samples.DemoFacts()));
        var json = JsonNode.Parse(File.ReadAllText(state[StateLayout.Plan]))!;
        var keys = path.Split('.')[1..];
        keys[..^1].Aggregate(json, (node, key) => node[key]!)[keys[^1]] = JsonNode.Parse(value);
        File.WriteAllText(state[StateLayout.Plan], json.ToJsonString());
        AssertRefused();
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{")]
    public void What_is_no_JSON_is_refused(string text)
    {
        File.WriteAllText(state[StateLayout.Plan], text);
        AssertRefused();
    }

    [Test]
    public void A_link_is_not_followed()
    {
        PlanStore.Write(state, Samples.Plan());
        File.Move(state[StateLayout.Plan], state["elsewhere"]);
        File.CreateSymbolicLink(state[StateLayout.Plan], state["elsewhere"]);
        AssertRefused();
    }

    private void AssertRefused()
    {
        var thrown = Assert.Throws<BottleException>(() => PlanStore.Read(state));
        Assert.That(thrown!.Diagnostics.Single().Code, Is.EqualTo("BTL3110"));
        Assert.That(thrown.Diagnostics[0].Message, Does.Not.Contain("hunter2"));
    }

    private static IEnumerable<string> Settable(Type type) => type.GetProperties().Where(p => p.SetMethod is not null).Select(p => p.Name);

    private static IEnumerable<string> Flat(IEnumerable<string> names) => names.Select(n => n.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant());
}
