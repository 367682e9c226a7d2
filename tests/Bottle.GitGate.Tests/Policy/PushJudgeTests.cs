using Bottle.Contracts.Git;

namespace Bottle.GitGate.Tests.Policy;

[Parallelizable(ParallelScope.All)]
public sealed class PushJudgeTests
{
    private static readonly string Zero = new('0', 40);
    private static readonly string A = new('a', 40);
    private static readonly string B = new('b', 40);
    private static readonly PushPolicy Default = new();
    private static readonly PushPolicy Open = new() { Branches = ["*"], Protected = ["main"], Force = true, Delete = true, Tags = true };

    [Test]
    public void A_ref_that_is_named_twice_is_refused_once() =>
        Assert.That(PushJudge.Judge(Default, [new RefUpdate(Zero, A, "refs/heads/agent/x"), new RefUpdate(A, B, "refs/heads/agent/x"), new RefUpdate(Zero, A, "refs/heads/agent/y")], _ => true).Select(refusal => refusal.Code), Is.EqualTo(new[] { "BTL6418" }));

    private static string Judge(PushPolicy policy, RefUpdate update, bool forward = true) => string.Join(' ', PushJudge.Judge(policy, [update], _ => forward).Select(refusal => refusal.Code));

    [Test]
    public void New_work_on_an_allowed_branch_passes()
    {
        Assert.That(Judge(Default, new RefUpdate(Zero, A, "refs/heads/agent/x")), Is.Empty);
        Assert.That(Judge(Default, new RefUpdate(A, B, "refs/heads/agent/x")), Is.Empty);
    }

    [TestCase("refs/heads/main", "BTL6405")]
    [TestCase("refs/heads/feature", "BTL6404")]
    [TestCase("refs/tags/v1", "BTL6408")]
    [TestCase("refs/notes/commits", "BTL6401")]
    [TestCase("refs/replace/aaaa", "BTL6401")]
    [TestCase("HEAD", "BTL6401")]
    [TestCase("refs/heads/agent/-x", "BTL6402")]
    public void The_default_refuses_all_else(string name, string code) => Assert.That(Judge(Default, new RefUpdate(Zero, A, name)), Is.EqualTo(code));

    [Test]
    public void Rewriting_and_deleting_need_leave()
    {
        Assert.That(Judge(Default, new RefUpdate(A, B, "refs/heads/agent/x"), forward: false), Is.EqualTo("BTL6406"));
        Assert.That(Judge(Default, new RefUpdate(A, Zero, "refs/heads/agent/x")), Is.EqualTo("BTL6407"));
        Assert.That(Judge(Open, new RefUpdate(A, B, "refs/heads/agent/x"), forward: false), Is.Empty);
        Assert.That(Judge(Open, new RefUpdate(A, Zero, "refs/heads/agent/x")), Is.Empty);
    }

    [Test]
    public void A_protected_branch_stays_so_whatever_else_is_allowed()
    {
        Assert.That(Judge(Open, new RefUpdate(A, B, "refs/heads/main")), Is.EqualTo("BTL6405"));
        Assert.That(Judge(Open, new RefUpdate(A, Zero, "refs/heads/main")), Is.EqualTo("BTL6405"));
    }

    [Test]
    public void Moving_a_tag_is_a_rewrite_even_forwards() => Assert.That(Judge(Open with { Force = false }, new RefUpdate(A, B, "refs/tags/v1")), Is.EqualTo("BTL6406"));

    [Test]
    public void Every_ref_is_judged_and_every_reason_given() =>
        Assert.That(PushJudge.Judge(Default, [new RefUpdate(Zero, A, "refs/heads/main"), new RefUpdate(Zero, A, "refs/heads/agent/x"), new RefUpdate(Zero, A, "refs/tags/v1")], _ => true).Select(refusal => refusal.Code), Is.EqualTo(new[] { "BTL6405", "BTL6408" }));

    [Test]
    public void Too_many_refs_are_refused_unread() =>
        Assert.That(PushJudge.Judge(Default, [.. Enumerable.Range(0, 300).Select(i => new RefUpdate(Zero, A, $"refs/heads/agent/{i}"))], _ => throw new InvalidOperationException()).Single().Code, Is.EqualTo("BTL6403"));

    [TestCase("x")]
    [TestCase("0000 1111 refs/heads/x")]
    [TestCase("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz 0000000000000000000000000000000000000000 refs/heads/x")]
    public void A_line_that_is_no_command_is_not_read(string line) => Assert.That(RefUpdate.Parse(line), Is.Null);

    [TestCase(".github/workflows/ci.yml", true)]
    [TestCase(".GitHub/Workflows/ci.yml", true)]
    [TestCase("sub/.github/workflows/ci.yml", true)]
    [TestCase(".gitmodules", true)]
    [TestCase("Jenkinsfile.release", true)]
    [TestCase(".husky/pre-commit", true)]
    [TestCase(".vscode/tasks.json", true)]
    [TestCase("a/.npmrc", true)]
    [TestCase(".claude/settings.json", true)]
    [TestCase("src/github/workflows/x", false)]
    [TestCase("docs/gitmodules.md", false)]
    [TestCase(".github/ISSUE_TEMPLATE.md", false)]
    [TestCase("Makefile", false)]
    public void What_runs_elsewhere_is_known_by_its_path(string path, bool runs) => Assert.That(RunsElsewhere.Is(path), Is.EqualTo(runs));

    [TestCase("""{"scripts":{"test":"a"}}""", """{"scripts":{"test":"b"},"dependencies":{"x":"1"}}""", false)]
    [TestCase("""{"scripts":{"postinstall":"a"}}""", """{"scripts":{"postinstall":"b"}}""", true)]
    [TestCase("""{}""", """{"scripts":{"prepare":"husky"}}""", true)]
    [TestCase("""{"scripts":{"prepare":"husky"}}""", """{}""", true)]
    [TestCase("""{}""", """{"simple-git-hooks":{"pre-commit":"x"}}""", true)]
    [TestCase("""{}""", """{"scripts":"x"}""", true)]
    [TestCase("""{}""", """not json""", true)]
    [TestCase(null, """{"name":"x"}""", false)]
    [TestCase(null, """{"scripts":{"install":"x"}}""", true)]
    [TestCase("""{"scripts":{"install":"x"}}""", null, true)]
    public void Only_what_a_package_runs_unasked_counts(string? before, string? after, bool differ) =>
        Assert.That(PackageScripts.Differ(before is null ? null : System.Text.Encoding.UTF8.GetBytes(before), after is null ? null : System.Text.Encoding.UTF8.GetBytes(after)), Is.EqualTo(differ));
}
