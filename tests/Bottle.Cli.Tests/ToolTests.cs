using System.Text.Json;
using Bottle.Build.Doors;
using Bottle.Host.Images;
using Bottle.Host.Manifests;
using Bottle.Host.Receipts;
using Bottle.Host.State;

namespace Bottle.Cli.Tests;

/// <summary>The tool as it is typed, away from any clone; needs no engine.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ToolTests
{
    [Test]
    public async Task It_plans_with_the_very_images_that_a_clone_builds()
    {
        using var tool = new Tool();
        var (code, output, error) = await tool.RunAsync("plan", "demo", "--format=json");

        Assert.That(code, Is.Zero, error);
        using var plan = JsonDocument.Parse(output);
        var images = new ImageCatalogue(Tool.Repository);
        Assert.That(output, Does.Contain(images.Egress.Tag).And.Contain(images.DemoUpstream.Tag).And.Contain(images.Agent("demo").Tag));
    }

    [Test]
    public async Task It_renders_anywhere_and_lists_what_ships()
    {
        using var tool = new Tool();
        var (code, _, error) = await tool.RunAsync("render", "demo", "--out=there");
        Assert.That(code, Is.Zero, error);
        Assert.That(File.Exists(Path.Combine(tool.Work, "there", "demo", "docker-compose.yml")));

        var (_, list, _) = await tool.RunAsync("list");
        Assert.That(list, Does.Contain("demo-git"));
    }

    [Test]
    public void What_ships_in_the_package_is_trusted_like_in_a_clone()
    {
        using var tool = new Tool();
        var bottles = Path.Combine(ToolSource.Unpack(Path.Combine(AppContext.BaseDirectory, "source.zip"), new BottleHome(tool.Home)), "bottles");
        var store = new ManifestStore([bottles], tool.Work);
        var trust = new TrustStore(Path.Combine(tool.Home, "trust"), Path.Combine(tool.Home, "bottles"), tool.Work, ShippedTrust.Load(bottles));
        foreach (var agent in store.ListAgents())
            Assert.That(trust.Evaluate(store.Load(agent.Name)).State, Is.EqualTo(TrustState.Trusted), agent.Name);
    }

    [Test]
    public void The_package_is_unpacked_once_and_replaces_what_a_former_version_left()
    {
        using var tool = new Tool();
        var former = Directory.CreateDirectory(Path.Combine(tool.Home, "tool", "000000000000", "bottles"));
        var archive = Path.Combine(AppContext.BaseDirectory, "source.zip");

        var first = ToolSource.Unpack(archive, new BottleHome(tool.Home));
        File.WriteAllText(Path.Combine(first, "mark"), "");
        Assert.That(ToolSource.Unpack(archive, new BottleHome(tool.Home)), Is.EqualTo(first));
        Assert.That(File.Exists(Path.Combine(first, "mark")));
        Assert.That(Directory.Exists(former.FullName), Is.False);
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(tool.Home, "tool")), Has.Length.EqualTo(1));
    }

    [TestCase(2, "BTL0004", "strat", "demo")]
    [TestCase(2, "BTL0007", "plan", "demo", "dev")]
    [TestCase(2, "BTL0001", "plan", "demo", "--agnet=x")]
    [TestCase(2, "BTL0002", "plan")]
    [TestCase(2, "BTL0002", "render", "demo")]
    [TestCase(2, "BTL0002", "explain", "demo")]
    [TestCase(2, "BTL0014", "start", "--agent")]
    [TestCase(2, "BTL0006", "test")]
    [TestCase(11, "BTL1004", "plan", "nobody")]
    [TestCase(2, "BTL0012", "cleanup", "../x")]
    [TestCase(2, "BTL0012", "reject", "foo", "--proposal=egress-block-1", "--reason=no")]
    [TestCase(2, "BTL0013", "approve", "demo-k3x9a", "--proposal=egress-block-1", "--lease=soon")]
    [TestCase(2, "BTL0004", "strat", "--tree")]
    [TestCase(2, "BTL0008", "completion", "cmd")]
    public async Task Exit_codes_are_those_of_door_1_and_fixes_are_typed_at_this_one(int code, string error, params string[] arguments)
    {
        using var tool = new Tool();
        var run = await tool.RunAsync(arguments);

        Assert.That(run.Code, Is.EqualTo(code), run.Error);
        Assert.That(run.Error, Does.Contain(error).And.Not.Contain("dotnet cake").And.Not.Contain("--target="));
        Assert.That(run.Error, Does.Not.Contain("   at "), "no stack trace");
    }

    [TestCase("attach", "bottle attach demo-k3x9a; which runs there are: bottle list")]
    [TestCase("start", "bottle start demo; which agents there are: bottle list")]
    public async Task What_is_missing_is_named_with_the_command_that_lists_it(string verb, string fix)
    {
        using var tool = new Tool();
        var run = await tool.RunAsync(verb);
        Assert.That(run.Code, Is.EqualTo(2), run.Error);
        Assert.That(run.Error, Does.Contain(fix));
    }

    [Test]
    public async Task It_lists_runs_that_are_over_with_what_their_agents_left()
    {
        using var tool = new Tool();
        var kept = Directory.CreateDirectory(Path.Combine(tool.Home, "runs", "dev-k3x9a")).FullName;
        Directory.CreateDirectory(Path.Combine(tool.Home, "runs", "dev-00000"));
        var ended = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var (none, head) = (new ReceiptSums(0, 0, 0, 0, 0), new ReceiptHead(0, ""));
        var receipt = new Receipt
        {
            V = Receipt.CurrentVersion,
            Identity = "dev-k3x9a",
            Agent = "dev",
            Bottle = "yard",
            Home = "",
            StartedAt = ended,
            EndedAt = ended,
            AgentExit = 3,
            Gaps = [],
            Images = [],
            Decisions = [],
            Audit = new(head, head),
            Traffic = new(none, [], [], 0),
            Files = [],
        };
        await File.WriteAllBytesAsync(Path.Combine(kept, RunRecords.Receipt), ReceiptFormat.Write(receipt).Content);
        await File.WriteAllTextAsync(Path.Combine(kept, RunRecords.Work), """
            {"format": 1, "directory": "/app", "saved_at": "2026-01-02T03:04:05Z", "left_behind": [],
             "files": [{"path": "a.txt", "change": "changed", "offset": 0, "length": 0, "added": 2, "removed": 1}]}
            """);

        var (_, list, error) = await tool.RunAsync("list");
        Assert.That(list, Does.EndWith("runs: none\nover\n  dev-k3x9a  ended 2026-01-02 03:04:05Z with 3; 1 file changed, +2 -1 lines  (yard)\n"), error);
        var (_, json, _) = await tool.RunAsync("list", "--format=json");
        using var document = JsonDocument.Parse(json);
        Assert.That(document.RootElement.GetProperty("over").EnumerateArray().Single().GetProperty("files_changed").GetInt32(), Is.EqualTo(1));
    }

    [TestCase("status")]
    [TestCase("attach")]
    [TestCase("save-work")]
    public async Task A_run_that_is_over_is_said_to_be_over_and_how_its_records_are_read(string verb)
    {
        using var tool = new Tool();
        Directory.CreateDirectory(Path.Combine(tool.Home, "runs", "demo-k3x9a"));
        var run = await tool.RunAsync(verb, "demo-k3x9a");
        Assert.That(run.Code, Is.EqualTo(15), run.Error);
        Assert.That(run.Error, Does.Contain("BTL5010: run 'demo-k3x9a' is over").And.Contain("bottle info --bottle=demo-k3x9a"));
        run = await tool.RunAsync(verb, "demo-00000");
        Assert.That(run.Error, Does.Contain("BTL5008: there is no run 'demo-00000'"));
    }

    [TestCase("cleanup")]
    [TestCase("proposals")]
    [TestCase("stop", "demo-k3x9a")]
    public async Task Without_an_engine_it_says_so_in_a_person_s_words(params string[] arguments)
    {
        using var tool = new Tool();
        var run = await tool.RunAsync(arguments);
        Assert.That(run.Code, Is.EqualTo(14), run.Error);
        Assert.That(run.Error, Does.Contain("BTL4101: no Docker engine answers").And.Not.Contain("docker ps"));
    }

    [Test]
    public async Task With_JSON_standard_output_is_one_document_also_when_it_fails()
    {
        using var tool = new Tool();
        var run = await tool.RunAsync("plan", "nobody", "--format=json");
        using var document = JsonDocument.Parse(run.Output);
        Assert.That(document.RootElement.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("BTL1004"));
    }

    // No engine is asked, or none answers: the document is there all the same.
    [TestCase(0, "help")]
    [TestCase(0, "help", "plan")]
    [TestCase(0, "list")]
    [TestCase(0, "graph")]
    [TestCase(0, "plan", "demo-git")]
    [TestCase(0, "render", "demo", "--out=there")]
    [TestCase(0, "trust", "demo")]
    [TestCase(0, "explain", "demo", "--url=POST https://api.demo.test/v1/x")]
    [TestCase(0, "explain", "--code=BTL1203")]
    [TestCase(0, "resume")]
    [TestCase(0, "verify-audit")]
    [TestCase(0, "resolve-manifest", "demo")]
    [TestCase(0, "start", "demo", "--tree")]
    [TestCase(15, "status", "demo-k3x9a")]
    [TestCase(14, "cleanup")]
    [TestCase(14, "proposals")]
    [TestCase(14, "start", "demo", "--yes")]
    [TestCase(2, "strat", "--tree")]
    [TestCase(2, "plan", "demo", "--verbosity=diagnostic", "--agnet=x")]
    public async Task With_JSON_every_target_prints_one_document_and_nothing_else(int code, params string[] arguments)
    {
        using var tool = new Tool();
        var run = await tool.RunAsync([.. arguments, "--format=json"]);

        Assert.That(run.Code, Is.EqualTo(code), run.Error);
        using var document = JsonDocument.Parse(run.Output);
        Assert.That(document.RootElement.TryGetProperty("error", out _), Is.EqualTo(code != 0));
        Assert.That(run.Error, code == 0 ? Does.Not.Contain("error BTL") : Does.Contain("error BTL"));
    }

    [Test]
    public async Task Help_fits_a_terminal_of_eighty_columns()
    {
        using var tool = new Tool();
        foreach (var about in TargetCatalogue.All.Select(target => target.Verb).Prepend(""))
            Assert.That(HelpOf(about).Split('\n').Where(line => line.Length > 80), Is.Empty, about);
        var (code, version, _) = await tool.RunAsync("--version");
        Assert.That((code, version), Is.EqualTo((0, "bottle 0.1.0\n")));
    }

    private static string HelpOf(string verb)
    {
        var door = new ToolDoor("/nowhere", []);
        return verb.Length == 0 ? HelpText.Overview(door) : HelpText.Of(TargetCatalogue.All.Single(target => target.Verb == verb), door);
    }

    [Test]
    public async Task Help_teaches_every_verb_and_each_one_by_itself()
    {
        using var tool = new Tool();
        var (code, overview, _) = await tool.RunAsync("--help");
        Assert.That(code, Is.Zero);
        foreach (var target in TargetCatalogue.All.Where(target => target.Group != TargetGroup.Repository))
            Assert.That(overview, Does.Contain($"  {target.Verb} "));
        Assert.That(overview, Does.Not.Contain("--target="));

        Assert.That(overview, Does.Contain("  attach ").And.Contain("completion bash").And.Contain("bottle help start"));

        var (_, start, _) = await tool.RunAsync("start", "--help");
        Assert.That(start, Does.StartWith("bottle start NAME").And.Contain("--yes"));
    }
}
