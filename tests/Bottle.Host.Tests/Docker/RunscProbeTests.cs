using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class RunscProbeTests
{
    private static readonly EngineInfo With = new() { ServerVersion = "26.1", ComposeVersion = "2.26", Runtimes = new HashSet<string> { "runc", "runsc" } };

    [Test]
    public async Task An_engine_that_does_not_list_it_is_not_tried()
    {
        var runner = new RecordingCommandRunner();
        Assert.That(await new RunscProbe(runner).RunAsync(With with { Runtimes = new HashSet<string> { "runc" } }), Is.EqualTo(new RunscFacts(false, "the engine offers no runsc (gVisor)")));
        Assert.That(runner.Commands, Is.Empty);
    }

    [Test]
    public async Task A_container_whose_program_ended_shows_that_it_works()
    {
        var runner = new RecordingCommandRunner().Answer("docker run", exitCode: 47).Answer("docker import").Answer("docker image inspect", exitCode: 1, error: "No such image");
        Assert.That((await new RunscProbe(runner).RunAsync(With)).Works, Is.True);
        Assert.That(runner.Lines, Has.One.StartsWith("docker import"));
        Assert.That(runner.Commands[^1].Arguments, Is.SupersetOf(["--runtime", "runsc", "--read-only", "--cap-drop", "ALL", "--user", "1000:1000"]).And.Not.Member("none"));
    }

    [Test]
    public async Task Its_image_is_made_once()
    {
        var runner = new RecordingCommandRunner().Answer("docker run", exitCode: 47).Answer("docker image inspect", "sha256:1\n");
        Assert.That((await new RunscProbe(runner).RunAsync(With)).Works, Is.True);
        Assert.That(runner.Lines, Has.None.StartsWith("docker import"));
    }

    [TestCase(125, "docker: Error response from daemon: OCI runtime create failed: container 3f9a1b2c4d5e6f7a8b9c: cannot run with network enabled in root network namespace")]
    [TestCase(0, "")]
    public async Task Anything_else_shows_that_it_does_not_and_says_so_in_the_same_words_every_time(int code, string error)
    {
        var runner = new RecordingCommandRunner().Answer("docker run", exitCode: code, error: error).Answer("docker image inspect", "sha256:1\n");
        var facts = await new RunscProbe(runner).RunAsync(With);
        Assert.That(facts.Works, Is.False);
        Assert.That(facts.Reason, Does.Contain(code == 0 ? "exit code 0" : "root network namespace").And.Not.Contain("3f9a1b2c4d5e"));
    }

    // The program itself, where this machine can run it: an engine is not needed to see that it says what the probe waits for.
    [Test, Platform("Linux")]
    public async Task Its_program_ends_as_the_probe_expects()
    {
        if (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64) Assert.Ignore("the program is for x86-64");
        var file = Path.Combine(Path.GetTempPath(), $"bottle-probe-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(file, RunscProbe.Program());
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Assert.That((await new CommandRunner().RunAsync(new Command(file))).ExitCode, Is.EqualTo(47));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test, RequiresEngine]
    public async Task On_a_real_engine_its_container_runs_where_the_runtime_does_and_not_where_it_is_listed_alone()
    {
        var runner = new CommandRunner();
        var listed = With with { Runtimes = new HashSet<string> { "runc", "no-such-runtime" } };
        var works = await new RunscProbe(runner, "runc").RunAsync(listed);
        Assert.That(works.Works, Is.True, works.Reason);
        var fails = await new RunscProbe(runner, "no-such-runtime").RunAsync(listed);
        Assert.That((fails.Works, fails.Reason), Is.EqualTo((false, fails.Reason)));
        Assert.That(fails.Reason, Does.Contain("no-such-runtime"));
    }
}
