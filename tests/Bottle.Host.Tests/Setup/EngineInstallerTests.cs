using Bottle.Core.Diagnostics;
using Bottle.Host.Setup;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Setup;

[Parallelizable(ParallelScope.All)]
public sealed class EngineInstallerTests
{
    private static SetupContext Context(bool mayInstall = true, bool isRoot = true, Action<string>? say = null) =>
        new() { MayInstall = mayInstall, CommandLine = "dotnet cake --target=Start --agent=demo --yes", Say = say ?? (_ => { }), IsRoot = isRoot };

    private static async Task<Diagnostic> FailureAsync(RecordingCommandRunner runner, SetupContext context) =>
        (await Assert.ThrowsAsync<BottleException>(() => new EngineInstaller(runner, context).EnsureAsync("Cannot connect to the Docker daemon")))!.Diagnostics[0];

    [Test]
    public async Task Without_setup_the_way_out_is_the_same_command_with_it()
    {
        var runner = new RecordingCommandRunner();
        var error = await FailureAsync(runner, Context(mayInstall: false, isRoot: false));
        Assert.That((error.Code, error.Why), Is.EqualTo(("BTL4001", "Cannot connect to the Docker daemon")));
        Assert.That(error.Fix, Does.EndWith("dotnet cake --target=Start --agent=demo --yes --setup"));
        Assert.That(runner.Commands, Is.Empty);
    }

    [Test]
    public async Task Who_is_not_root_gets_the_line_to_type()
    {
        var runner = new RecordingCommandRunner();
        var error = await FailureAsync(runner, Context(isRoot: false));
        Assert.That((error.Code, error.Fix), Is.EqualTo(("BTL4002", "sudo env \"PATH=$PATH\" dotnet cake --target=Start --agent=demo --yes --setup")));
        Assert.That(runner.Commands, Is.Empty);
    }

    [TestCase(4, "BTL4003")]
    [TestCase(5, "BTL4004")]
    [TestCase(6, "BTL4005")]
    [TestCase(7, "BTL4006")]
    public async Task Each_failure_of_the_script_has_its_code_and_its_last_lines(int exitCode, string code)
    {
        var error = await FailureAsync(new RecordingCommandRunner().Answer("engine.sh", "", exitCode, "what went wrong\n"), Context());
        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Why, Does.Contain("what went wrong"));
    }

    [Test]
    public async Task What_the_script_says_is_passed_on()
    {
        var said = new List<string>();
        await new EngineInstaller(new RecordingCommandRunner().Answer("engine.sh", "starting dockerd\nengine 26.1 is there\n"), Context(say: said.Add)).EnsureAsync();
        Assert.That(said, Is.EqualTo((string[])["starting dockerd", "engine 26.1 is there"]));
    }
}
