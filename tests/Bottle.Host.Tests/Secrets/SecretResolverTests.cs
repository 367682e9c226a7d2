using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Host.Processes;
using Bottle.Host.Secrets;
using NUnit.Framework;

namespace Bottle.Host.Tests.Secrets;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SecretResolverTests : IDisposable
{
    private const string Canary = "c4nary-value";
    private readonly TemporaryFolder folder = new();
    private readonly SecretResolver resolver;

    public SecretResolverTests()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "bottles"));
        resolver = new SecretResolver(new CommandRunner(), new Dictionary<string, string> { ["GIVEN"] = Canary, ["EMPTY"] = "", ["BROKEN"] = Canary + "\nx" }, folder.Path);
    }

    public void Dispose() => folder.Dispose();

    private async Task<string> Value(SecretRef secret) => (await resolver.ResolveAsync([new TokenSlot("EGRESS_TOKEN_1", secret, "bottles/dev.md:7:9")]))["EGRESS_TOKEN_1"];

    private async Task<Diagnostic> Problem(SecretRef secret)
    {
        var problem = (await Assert.ThrowsAsync<BottleException>(() => Value(secret)))!.Diagnostics.Single();
        Assert.That(problem.Where, Is.EqualTo(new SourceSpan("bottles/dev.md", 7, 9)));
        Assert.That(problem.ToString(), Does.Not.Contain(Canary));
        return problem;
    }

    [Test]
    public async Task A_variable_is_read() => Assert.That(await Value(new SecretRef.Environment("GIVEN")), Is.EqualTo(Canary));

    [TestCase("line\n", "line")]
    [TestCase("line\r\n", "line")]
    [TestCase("bare", "bare")]
    [TestCase(" spaces stay \n", " spaces stay ")]
    public async Task A_file_is_read_beside_its_manifest_without_its_last_line_break(string text, string value)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "bottles/token"), text);
        Assert.That(await Value(new SecretRef.File("token")), Is.EqualTo(value));
    }

    [Test]
    public async Task A_link_to_a_file_is_followed_because_the_operator_wrote_it()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "real"), Canary);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "bottles/token"), "../real");
        Assert.That(await Value(new SecretRef.File("token")), Is.EqualTo(Canary));
    }

    [Test]
    public void A_tilde_is_the_operator_s_home() =>
        Assert.That(SecretFiles.FullPath("~/a/b", "bottles/dev.md", "/srv"), Is.EqualTo(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "a/b")));

    [Test]
    public async Task A_command_s_output_is_the_value() =>
        Assert.That(await Value(new SecretRef.Command(["printf", "%s\n", Canary])), Is.EqualTo(Canary));

    [Test]
    public async Task A_missing_variable_is_reported_with_its_line() =>
        Assert.That(await Problem(new SecretRef.Environment("ABSENT")), Has.Property("Code").EqualTo("BTL5101").And.Property("Message").EqualTo("environment variable 'ABSENT' is not set"));

    [TestCase("EMPTY")]
    [TestCase("BROKEN")]
    public async Task An_empty_value_and_one_with_control_characters_are_refused(string name) =>
        Assert.That((await Problem(new SecretRef.Environment(name))).Code, Is.EqualTo("BTL5104"));

    [Test]
    public async Task A_missing_file_is_reported() => Assert.That((await Problem(new SecretRef.File("absent"))).Code, Is.EqualTo("BTL5102"));

    [Test]
    public async Task A_folder_a_pipe_and_a_giant_are_no_secrets()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "bottles/folder"));
        await new CommandRunner().RunCheckedAsync(new Command("mkfifo", Path.Combine(folder.Path, "bottles/pipe")));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "bottles/giant"), new string('a', 70_000));
        foreach (var name in new[] { "folder", "pipe", "giant" })
            Assert.That((await Problem(new SecretRef.File(name))).Code, Is.EqualTo("BTL5102"), name);
    }

    [Test]
    public async Task A_failing_command_tells_what_it_said_and_never_what_it_printed()
    {
        var problem = await Problem(new SecretRef.Command(["sh", "-c", "echo c4nary-\"\"value; echo not logged in >&2; exit 4"]));
        Assert.That((problem.Code, problem.Why), Is.EqualTo(("BTL5103", "not logged in")));
        Assert.That(problem.Message, Does.Contain("exit code 4"));
    }

    [Test]
    public async Task A_missing_command_is_reported() =>
        Assert.That((await Problem(new SecretRef.Command(["bottle-no-such-program"]))).Message, Does.Contain("'bottle-no-such-program' was not found"));

    [Test]
    public async Task All_problems_are_reported_at_once()
    {
        var e = await Assert.ThrowsAsync<BottleException>(() => resolver.ResolveAsync([
            new TokenSlot("EGRESS_TOKEN_1", new SecretRef.Environment("ABSENT"), "a.md:1:1"),
            new TokenSlot("EGRESS_TOKEN_2", new SecretRef.Environment("GIVEN"), "a.md:2:1"),
            new TokenSlot("EGRESS_TOKEN_3", new SecretRef.File("absent"), "a.md:3:1")]));
        Assert.That(e!.Diagnostics.Select(d => d.Code), Is.EqualTo(new[] { "BTL5101", "BTL5102" }));
    }

    [Test]
    public void Values_of_the_agent_come_by_the_agent_s_names()
    {
        var values = resolver.HostValues([new EnvironmentVariable("API", null, "GIVEN"), new EnvironmentVariable("LOG", "debug")]);
        Assert.That(values, Is.EqualTo(new Dictionary<string, string> { ["API"] = Canary }));
        var e = Assert.Throws<BottleException>(() => resolver.HostValues([new EnvironmentVariable("API", null, "EMPTY") { Source = "a.md:1:2" }, new EnvironmentVariable("B", null, "ABSENT")]));
        Assert.That(e!.Diagnostics.Select(d => d.Message), Is.EqualTo(new[] { "environment variable 'EMPTY' is not set", "environment variable 'ABSENT' is not set" }));
    }
}
