using Bottle.Core.Diagnostics;
using Bottle.Host.Manifests;
using NUnit.Framework;

namespace Bottle.Host.Tests.Manifests;

[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class TrustStoreTests : IDisposable
{
    private readonly ManifestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_manifest_outside_home_is_new_until_it_is_recorded_and_changed_when_it_changes()
    {
        var verdict = Evaluate();
        Assert.That(verdict.State, Is.EqualTo(TrustState.New));
        Assert.That(verdict.Difference, Does.Contain("--- (nothing)\n+++ agents/demo.md\n@@ -0,0 +1,5 @@\n+---\n+bottle: dev\n"));

        _folder.Trust().Record(verdict);
        Assert.That(Evaluate().State, Is.EqualTo(TrustState.Trusted));

        _folder.Write("work/bottles/dev.md", "---\nenv: {LOG: debug}\nprovider: none\n---\nFor people.\n");
        var changed = Evaluate();
        Assert.That(changed.State, Is.EqualTo(TrustState.Changed));
        Assert.That(changed.Difference, Is.EqualTo("--- dev.md\n+++ dev.md\n@@ -1,4 +1,5 @@\n ---\n env: {LOG: debug}\n+provider: none\n ---\n For people.\n"));
        Assert.That(changed.Hash, Is.Not.EqualTo(verdict.Hash));

        _folder.Write("work/bottles/dev.md", "---\nenv: {LOG: debug}\n---\nFor people.\n");
        Assert.That(Evaluate().State, Is.EqualTo(TrustState.Trusted));
    }

    [Test]
    public void A_launch_that_is_not_trusted_stops_with_the_diff_and_the_command()
    {
        var diagnostic = Assert.Throws<BottleException>(() => TrustStore.Require(Evaluate()))!.Diagnostics.Single();
        Assert.That(diagnostic.Code, Is.EqualTo("BTL1008"));
        Assert.That(diagnostic.Why, Does.Contain("+bottle: dev"));
        Assert.That(diagnostic.Fix, Does.Contain("dotnet cake --target=Trust --agent=demo").And.Contain($"--trust={Evaluate().Hash}"));

        _folder.Trust().Record(Evaluate());
        Assert.DoesNotThrow(() => TrustStore.Require(Evaluate()));
        _folder.Write("work/bottles/dev.md", "---\n---\n");
        Assert.That(Assert.Throws<BottleException>(() => TrustStore.Require(Evaluate()))!.Diagnostics.Single().Code, Is.EqualTo("BTL1009"));
    }

    [Test]
    public void Home_needs_no_trust_but_one_file_outside_does()
    {
        _folder.Write("home/bottles/agents/mine.md", "---\nbottle: own\ncommand: [sh]\n---\n");
        _folder.Write("home/bottles/own.md", "---\n---\n");
        Assert.That(Evaluate("mine").State, Is.EqualTo(TrustState.Trusted));
        File.Delete(Path.Combine(_folder.HomeBottles, "own.md"));
        _folder.Write("work/bottles/own.md", "---\n---\n");
        Assert.That(Evaluate("mine").State, Is.EqualTo(TrustState.New));
    }

    [Test]
    public void An_agent_in_home_with_a_strangers_image_needs_trust()
    {
        _folder.Write("home/bottles/agents/mine.md", "---\nbottle: own\ncommand: [sh]\n---\n");
        _folder.Write("home/bottles/own.md", "---\n---\n");
        _folder.Write("work/bottles/images/mine/Dockerfile", "FROM evil\n");
        var verdict = Evaluate("mine");
        Assert.That(verdict.State, Is.EqualTo(TrustState.New));
        Assert.That(verdict.Difference, Does.Contain("+FROM evil"));
    }

    [Test]
    public void Every_file_that_the_manifest_names_is_covered()
    {
        _folder.Write("work/bottles/agents/demo.md", "---\nbottle: dev\ncommand: [sh]\nskills: [skills/review]\n---\n");
        _folder.Write("work/bottles/dev.md", "---\nprovider: p\negress: {routes: [{host: a.test, unrestricted: true, auth: {scheme: Bearer, token_ref: \"command:[./token.sh]\"}}]}\ngit: [{name: app, upstream: \"git@git.example.com:app\", identity_file: ~/.ssh/k, known_hosts: keys/known}]\n---\n");
        string[] named = ["work/bottles/agents/skills/review/deep/er.md", "work/bottles/images/demo/Dockerfile", "work/bottles/providers/p.yaml", "work/bottles/token.sh", "work/bottles/keys/known", "work/bottles/dev.md", "work/bottles/agents/demo.md"];
        foreach (var file in named.Take(5))
            _folder.Write(file, file.EndsWith("yaml", StringComparison.Ordinal) ? "command: p\n" : "one\n");
        _folder.Trust().Record(Evaluate());
        Assert.That(Evaluate().State, Is.EqualTo(TrustState.Trusted));

        foreach (var file in named)
        {
            var path = Path.Combine(_folder.Root, file);
            var before = File.ReadAllText(path);
            File.WriteAllText(path, file.EndsWith("yaml", StringComparison.Ordinal) ? before + "# two\n" : before + "two\n");
            Assert.That(Evaluate().State, Is.EqualTo(TrustState.Changed), file);
            Assert.That(Evaluate().Difference, Does.Contain("two"), file);
            File.WriteAllText(path, before);
        }

        Assert.That(Evaluate().State, Is.EqualTo(TrustState.Trusted));
        _folder.Write("work/bottles/images/demo/new", "x");
        Assert.That(Evaluate().State, Is.EqualTo(TrustState.Changed));
    }

    [Test]
    public void Moving_bytes_from_one_file_to_the_next_changes_the_hash()
    {
        _folder.Write("work/bottles/images/demo/a", "xy");
        _folder.Write("work/bottles/images/demo/b", "z");
        var before = Evaluate().Hash;
        _folder.Write("work/bottles/images/demo/a", "x");
        _folder.Write("work/bottles/images/demo/b", "yz");
        Assert.That(Evaluate().Hash, Is.Not.EqualTo(before));
    }

    [Test]
    public void A_file_that_becomes_executable_or_a_link_is_a_change()
    {
        var path = _folder.Write("work/bottles/images/demo/run", "target");
        _folder.Trust().Record(Evaluate());
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.That(Evaluate().Difference, Does.Contain("file becomes executable"));
        File.Delete(path);
        File.CreateSymbolicLink(path, "target");
        Assert.That(Evaluate().Difference, Does.Contain("file becomes link"));
    }

    [Test]
    public void A_script_that_is_a_link_out_is_covered_as_a_link_and_not_shown()
    {
        _folder.Write("work/bottles/dev.md", "---\negress: {routes: [{host: a.test, unrestricted: true, auth: {scheme: Bearer, token_ref: \"command:[./token.sh]\"}}]}\n---\n");
        File.CreateSymbolicLink(Path.Combine(_folder.Work, "bottles/token.sh"), _folder.Write("secret/key", "TOP SECRET"));
        Assert.That(Evaluate().Difference, Does.Contain("command ./token.sh").And.Not.Contain("TOP SECRET"));
    }

    [Test]
    public void Trust_belongs_to_its_place()
    {
        _folder.Trust().Record(Evaluate());
        _folder.Write("copy/agents/demo.md", File.ReadAllText(Path.Combine(_folder.Work, "bottles/agents/demo.md")));
        _folder.Write("copy/dev.md", File.ReadAllText(Path.Combine(_folder.Work, "bottles/dev.md")));
        Assert.That(_folder.Trust().Evaluate(_folder.Store("../copy").Load("demo")).State, Is.EqualTo(TrustState.New));
    }

    [Test]
    public void What_is_recorded_is_what_was_looked_at_and_not_what_lies_there_by_then()
    {
        var seen = Evaluate();
        _folder.Write("work/bottles/dev.md", "---\nenv: {EVIL: x}\n---\n");
        _folder.Trust().Record(seen);
        Assert.That(Evaluate().State, Is.EqualTo(TrustState.Changed));
    }

    [Test]
    public void Records_are_private_and_a_damaged_one_trusts_nothing()
    {
        _folder.Trust().Record(Evaluate());
        var record = Directory.GetFiles(_folder.TrustDirectory).Single();
        Assert.That(File.GetUnixFileMode(record), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(_folder.TrustDirectory), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        foreach (var damage in new[] { "", "{", "[]", "{\"hash\": 5, \"files\": {}}", "{\"files\": []}" })
        {
            File.WriteAllText(record, damage);
            Assert.That(Evaluate().State, Is.EqualTo(TrustState.New), damage);
        }
    }

    [Test]
    public void The_diff_of_a_hostile_manifest_is_inert_and_bounded()
    {
        _folder.Write("work/bottles/dev.md", "---\n---\n\u001b[2J\u001b]0;title\u0007 \u202egnp.exe\n" + string.Concat(Enumerable.Repeat("line\r\n", 20_000)));
        var verdict = Evaluate();
        Assert.That(verdict.Difference.All(c => c == '\n' || InertText.IsHarmless(c)));
        var shown = DiagnosticText.Render(Assert.Throws<BottleException>(() => TrustStore.Require(verdict))!.Diagnostics, _ => null);
        Assert.That(shown.Split('\n'), Has.Length.LessThan(220));
        Assert.That(shown, Does.Contain("more lines"));
    }

    [Test]
    public void Too_many_files_are_an_error_and_not_a_wait()
    {
        for (var i = 0; i < 5_001; i++)
            _folder.Write($"work/bottles/images/demo/{i}", "");
        Assert.That(Assert.Throws<BottleException>(() => Evaluate())!.Diagnostics.Single().Code, Is.EqualTo("BTL1010"));
    }

    [Test]
    public void A_binary_file_is_named_and_not_shown()
    {
        File.WriteAllBytes(_folder.Write("work/bottles/images/demo/tool", ""), [0, 1, 2, 255]);
        Assert.That(Evaluate().Difference, Does.Contain("images/demo/tool: not shown"));
    }

    [Test]
    public void Shipped_manifests_are_trusted_in_their_own_folder_while_unchanged()
    {
        var bottles = Path.Combine(_folder.Work, "bottles");
        _folder.Write("work/bottles/trusted.json", ShippedTrust.Generate(bottles));
        Assert.That(Evaluate(shipped: ShippedTrust.Load(bottles)) is { State: TrustState.Trusted, IsShipped: true });
        Assert.That(Evaluate(shipped: ShippedTrust.Load(Path.Combine(_folder.Root, "elsewhere"))).State, Is.EqualTo(TrustState.New));
        _folder.Write("work/bottles/dev.md", "---\nenv: {A: b}\n---\n");
        var changed = Evaluate(shipped: ShippedTrust.Load(bottles));
        Assert.That(changed.State, Is.EqualTo(TrustState.New));
        _folder.Trust().Record(changed);
        Assert.That(Evaluate(shipped: ShippedTrust.Load(bottles)) is { State: TrustState.Trusted, IsShipped: false }, "trusted by its operator now, and not what came with Bottle");
    }

    [Test]
    public void A_list_of_shipped_manifests_from_another_folder_trusts_nothing_here()
    {
        _folder.Write("other/trusted.json", ShippedTrust.Generate(Path.Combine(_folder.Work, "bottles")));
        Assert.That(Evaluate(shipped: ShippedTrust.Load(Path.Combine(_folder.Root, "other"))).State, Is.EqualTo(TrustState.New));
    }

    private TrustVerdict Evaluate(string agent = "demo", ShippedTrust? shipped = null) => _folder.Trust(shipped).Evaluate(_folder.Store().Load(agent));
}
