using System.Diagnostics;
using Bottle.Core.Diagnostics;
using Bottle.Host.Manifests;
using NUnit.Framework;

namespace Bottle.Host.Tests.Manifests;

[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class ManifestStoreTests : IDisposable
{
    private readonly ManifestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void An_agent_is_loaded_with_its_bottle_and_the_provider_of_its_command()
    {
        _folder.Write("work/bottles/providers/claude.yaml", "command: claude\n");
        _folder.Write("work/bottles/providers/other.yaml", "command: other\n");
        _folder.Write("work/bottles/agents/demo.md", "---\nbottle: dev\n---\nDo it.\n");
        var store = _folder.Store();
        var loaded = store.Load("demo");

        Assert.That(loaded.Agent.Prompt, Is.EqualTo("Do it."));
        Assert.That(loaded.Bottle.Environment[0].Literal, Is.EqualTo("debug"));
        Assert.That(loaded.Providers.Select(p => p.Name), Is.EqualTo(["claude", "other"]));
        Assert.That(loaded.Provider?.Name, Is.EqualTo("claude"));
        Assert.That(loaded.Files.Select(f => f.Display), Is.EqualTo(["bottles/agents/demo.md", "bottles/dev.md", "bottles/providers/claude.yaml"]));
        Assert.That(store.TextOf("bottles/dev.md"), Does.StartWith("---\nenv"));
        Assert.That(loaded.Shadowed, Is.Empty);
    }

    [Test]
    public void The_first_root_wins_and_what_it_hides_is_reported()
    {
        _folder.Write("home/bottles/dev.md", "---\nenv: {LOG: home}\n---\n");
        _folder.Write("extra/dev.md", "---\nenv: {LOG: extra}\n---\n");

        var loaded = _folder.Store().Load("demo");
        Assert.That(loaded.Bottle.Environment[0].Literal, Is.EqualTo("home"));
        Assert.That(loaded.Shadowed.Single().Code, Is.EqualTo("BTL1006"));
        Assert.That(loaded.Shadowed.Single().Severity, Is.EqualTo(Severity.Warning));
        Assert.That(loaded.Shadowed.Single().Where!.File, Is.EqualTo("bottles/dev.md"));

        var explicitly = _folder.Store("../extra").Load("demo");
        Assert.That(explicitly.Bottle.Environment[0].Literal, Is.EqualTo("extra"));
        Assert.That(explicitly.Shadowed, Has.Count.EqualTo(2));
    }

    [Test]
    public void An_unknown_agent_names_the_nearest_and_where_was_searched()
    {
        var diagnostic = Refused(() => _folder.Store().Load("dmeo")).Single();
        Assert.That(diagnostic.Code, Is.EqualTo("BTL1004"));
        Assert.That(diagnostic.Fix, Does.Contain("'demo'"));
        Assert.That(diagnostic.Why, Does.Contain("home/bottles/agents/dmeo.md").And.Contain("bottles/agents/dmeo.md"));
    }

    [TestCase("../x"), TestCase("-rf"), TestCase(""), TestCase("Demo"), TestCase("a/b")]
    public void A_name_that_is_a_path_or_an_option_is_refused(string name) => Assert.That(Refused(() => _folder.Store().Load(name)).Single().Code, Is.EqualTo("BTL1011"));

    [Test]
    public void A_name_of_300_characters_is_refused() => Assert.That(Refused(() => _folder.Store().Load(new string('a', 300))).Single().Code, Is.EqualTo("BTL1011"));

    [Test]
    public void An_unknown_bottle_is_reported_at_the_agents_line_with_the_nearest()
    {
        _folder.Write("work/bottles/agents/demo.md", "---\nbottle: dve\n---\n");
        var diagnostic = Refused(() => _folder.Store().Load("demo")).Single();
        Assert.That(diagnostic.Code, Is.EqualTo("BTL1005"));
        Assert.That(diagnostic.Where, Is.EqualTo(new SourceSpan("bottles/agents/demo.md", 2, 9, 3)));
        Assert.That(diagnostic.Fix, Does.Contain("'dev'"));
    }

    [Test]
    public void Errors_of_agent_and_bottle_come_together()
    {
        _folder.Write("work/bottles/agents/demo.md", "---\nbottle: dev\nskills: [missing]\n---\n");
        _folder.Write("work/bottles/dev.md", "---\negres: {}\n---\n");
        Assert.That(Refused(() => _folder.Store().Load("demo")).Select(d => d.Code), Is.EqualTo(["BTL1203", "BTL1601"]));
    }

    [Test]
    public void Bytes_that_are_no_UTF8_are_refused_with_their_place()
    {
        File.WriteAllBytes(Path.Combine(_folder.Work, "bottles/dev.md"), [.. "---\nenv: {A: \"ä"u8, 0xff, .. "\"}\n---\n"u8]);
        var diagnostic = Refused(() => _folder.Store().Load("demo")).Single();
        Assert.That(diagnostic.Code, Is.EqualTo("BTL1001"));
        Assert.That(diagnostic.Where, Is.EqualTo(new SourceSpan("bottles/dev.md", 2, 12)));
    }

    [Test]
    public void A_huge_file_is_refused_unread()
    {
        using (var stream = File.Create(Path.Combine(_folder.Work, "bottles/dev.md")))
            stream.SetLength(8L * 1024 * 1024 * 1024);
        var watch = Stopwatch.StartNew();
        Assert.That(Refused(() => _folder.Store().Load("demo")).Single().Code, Is.EqualTo("BTL1002"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void A_file_of_the_largest_size_is_read_and_one_byte_more_is_not()
    {
        const string head = "---\nenv: {LOG: debug}\n---\n";
        _folder.Write("work/bottles/dev.md", head + new string('x', (256 * 1024) - head.Length));
        Assert.That(_folder.Store().Load("demo").Bottle.Name, Is.EqualTo("dev"));
        _folder.Write("work/bottles/dev.md", head + new string('x', (256 * 1024) - head.Length + 1));
        Assert.That(Refused(() => _folder.Store().Load("demo")).Single().Code, Is.EqualTo("BTL1002"));
    }

    [Test]
    public void A_pipe_a_device_and_a_directory_are_no_manifests_and_none_is_waited_for()
    {
        var path = Path.Combine(_folder.Work, "bottles/dev.md");
        foreach (var make in new Action[] { () => Process.Start("mkfifo", [path]).WaitForExit(), () => File.CreateSymbolicLink(path, "/dev/tty"), () => Directory.CreateDirectory(path) })
        {
            File.Delete(path);
            make();
            Assert.That(Refused(() => _folder.Store().Load("demo")).Single().Code, Is.EqualTo("BTL1003"));
        }
    }

    [Test]
    public void An_endless_device_is_read_no_further_than_the_limit()
    {
        var path = Path.Combine(_folder.Work, "bottles/dev.md");
        File.Delete(path);
        File.CreateSymbolicLink(path, "/dev/zero");
        Assert.That(Refused(() => _folder.Store().Load("demo")).Single().Code, Does.StartWith("BTL1"));
    }

    [Test]
    public void A_manifest_that_links_out_of_its_directory_is_refused_and_not_shown()
    {
        var path = Path.Combine(_folder.Work, "bottles/dev.md");
        File.Delete(path);
        File.CreateSymbolicLink(path, _folder.Write("secret/key", "-----BEGIN KEY-----"));
        var diagnostic = Refused(() => _folder.Store().Load("demo")).Single();
        Assert.That(diagnostic.Code, Is.EqualTo("BTL1003"));
        Assert.That(_folder.Store().TextOf("bottles/dev.md"), Is.Null);
    }

    [Test]
    public void A_link_to_another_manifest_of_the_same_directory_is_fine()
    {
        File.CreateSymbolicLink(Path.Combine(_folder.Work, "bottles/agents/twin.md"), "demo.md");
        Assert.That(_folder.Store().Load("twin").Agent.Name, Is.EqualTo("twin"));
    }

    [Test]
    public void The_image_folder_of_the_first_root_is_taken()
    {
        Assert.That(_folder.Store().Load("demo").ImageDirectory, Is.EqualTo(Path.Combine(_folder.Work, "bottles/images/demo")));
        _folder.Write("home/bottles/images/demo/Dockerfile", "FROM scratch");
        Assert.That(_folder.Store().Load("demo").ImageDirectory, Is.EqualTo(Path.Combine(_folder.HomeBottles, "images/demo")));
        Directory.Delete(Path.Combine(_folder.Work, "bottles/images"), recursive: true);
        File.Delete(Path.Combine(_folder.HomeBottles, "images/demo/Dockerfile"));
        Assert.That(_folder.Store().Load("demo").ImageDirectory, Is.Null);
    }

    [Test]
    public void An_image_folder_that_links_out_is_refused()
    {
        _folder.Write("secret/Dockerfile", "FROM scratch");
        Directory.Delete(Path.Combine(_folder.Work, "bottles/images/demo"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Work, "bottles/images/demo"), "../../../secret");
        Assert.That(Refused(() => _folder.Store().Load("demo")).Single().Code, Is.EqualTo("BTL1003"));
    }

    [Test]
    public void Skills_beside_the_manifest_and_in_the_users_own_folder_are_found()
    {
        _folder.Write("work/bottles/agents/skills/review/SKILL.md", "x");
        _folder.Write("claude-skills/mine/SKILL.md", "y");
        _folder.Write("work/bottles/agents/demo.md", "---\nbottle: dev\nskills: [skills/review, ~/.claude/skills/mine]\n---\n");
        Assert.That(_folder.Store().Load("demo").Skills.Select(s => s.FullPath),
            Is.EqualTo([Path.Combine(_folder.Work, "bottles/agents/skills/review"), Path.Combine(_folder.UserSkills, "mine")]));
    }

    [TestCase("inside", "../../../../../etc", TestName = "A_skill_with_a_link_that_leaves_it_is_refused")]
    [TestCase("inside", "/etc/passwd", TestName = "A_skill_with_an_absolute_link_is_refused")]
    [TestCase("itself", "../../../../secret", TestName = "A_skill_that_is_a_link_out_is_refused")]
    public void A_skill_cannot_lead_out(string kind, string target)
    {
        _folder.Write("secret/key", "x");
        var skills = Path.Combine(_folder.Work, "bottles/agents/skills");
        Directory.CreateDirectory(skills);
        if (kind == "inside")
            _folder.Write("work/bottles/agents/skills/review/SKILL.md", "x");
        Directory.CreateSymbolicLink(Path.Combine(skills, kind == "inside" ? "review/link" : "review"), target);
        _folder.Write("work/bottles/agents/demo.md", "---\nbottle: dev\nskills: [skills/review]\n---\n");
        Assert.That(Refused(() => _folder.Store().Load("demo")).Single().Code, Is.EqualTo("BTL1601"));
    }

    [Test]
    public void A_link_that_stays_inside_its_skill_is_fine()
    {
        _folder.Write("work/bottles/agents/skills/review/SKILL.md", "x");
        File.CreateSymbolicLink(Path.Combine(_folder.Work, "bottles/agents/skills/review/other.md"), "SKILL.md");
        _folder.Write("work/bottles/agents/demo.md", "---\nbottle: dev\nskills: [skills/review]\n---\n");
        Assert.That(_folder.Store().Load("demo").Skills, Has.Count.EqualTo(1));
    }

    [Test]
    public void Two_providers_of_one_command_are_an_error_unless_the_bottle_names_one()
    {
        _folder.Write("work/bottles/providers/a.yaml", "command: sh\n");
        _folder.Write("work/bottles/providers/b.yaml", "command: sh\n");
        Assert.That(Refused(() => _folder.Store().Load("demo")).Single().Code, Is.EqualTo("BTL1701"));
        _folder.Write("work/bottles/dev.md", "---\nprovider: b\n---\n");
        Assert.That(_folder.Store().Load("demo").Provider?.Name, Is.EqualTo("b"));
        _folder.Write("work/bottles/dev.md", "---\nprovider: none\n---\n");
        Assert.That(_folder.Store().Load("demo").Provider, Is.Null);
    }

    [Test]
    public void Lists_show_every_name_once_also_the_broken_ones()
    {
        _folder.Write("home/bottles/agents/demo.md", "---\nbottle: dev\ndescription: From home\n---\n");
        _folder.Write("work/bottles/agents/bad.md", "no front matter");
        _folder.Write("work/bottles/README.md", "no manifest");
        Assert.That(_folder.Store().ListAgents().Select(a => $"{a.Name}: {a.Error ?? a.Description}"), Is.EqualTo(["bad: BTL1101: agent 'bad' does not begin with front matter", "demo: From home"]));
        Assert.That(_folder.Store().ListBottles().Select(b => b.Name), Is.EqualTo(["dev"]));
    }

    [Test]
    public void A_manifests_argument_that_is_no_directory_is_an_error() =>
        Assert.That(Refused(() => ManifestStore.Roots("nowhere", _folder.HomeBottles, _folder.Work)).Single().Code, Is.EqualTo("BTL1007"));

    private static IReadOnlyList<Diagnostic> Refused(Action action) => Assert.Throws<BottleException>(action)!.Diagnostics;

    [Test]
    public void A_provider_is_found_for_a_program_with_a_path_so_that_trust_covers_what_is_planned()
    {
        _folder.Write("work/bottles/dev.md", "---\nenv: {A: b}\n---\n");
        _folder.Write("work/bottles/agents/dev.md", "---\nbottle: dev\ncommand: [/bin/helper, x]\n---\n");
        _folder.Write("work/bottles/providers/helper.yaml", "command: helper\nroutes: []\n");
        var loaded = _folder.Store().Load("dev");
        Assert.That(loaded.Provider?.Name, Is.EqualTo("helper"));
        Assert.That(loaded.Files.Select(file => file.Relative), Has.Some.Contains("helper.yaml"));
        Assert.That(loaded.PlannedProviders, Is.EqualTo(new[] { loaded.Provider }));
    }

    [Test]
    public void A_provider_that_nobody_selects_is_not_planned_with()
    {
        _folder.Write("work/bottles/dev.md", "---\nenv: {A: b}\n---\n");
        _folder.Write("work/bottles/agents/dev.md", "---\nbottle: dev\ncommand: [bash]\n---\n");
        _folder.Write("work/bottles/providers/helper.yaml", "command: helper\nroutes: []\n");
        Assert.That(_folder.Store().Load("dev").PlannedProviders, Is.Empty);
    }
}
