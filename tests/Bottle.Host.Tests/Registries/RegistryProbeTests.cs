using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;
using Bottle.Host.Registries;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Registries;

[Parallelizable(ParallelScope.All)]
internal sealed class RegistryProbeTests
{
    private static readonly Dictionary<string, string> NoVariables = new() { ["HOME"] = "/nonexistent" };

    [TestCase(PresetName.Npm, "npm config get registry", "https://npm.example.test/\n", "https://npm.example.test/")]
    [TestCase(PresetName.PyPi, "pip3 install --help", """
          -i, --index-url <url>       Base URL of the Python Package Index (default
                                      https://pip.example.test/root/simple). This
          --extra-index-url <url>     https://not.example.test/
        """, "https://pip.example.test/root/simple")]
    [TestCase(PresetName.NuGet, "dotnet nuget list source --format short", "E https://nuget.example.test/v3/index.json\nD https://off.example.test/\nE /var/packages\n", "https://nuget.example.test/v3/index.json")]
    [TestCase(PresetName.Go, "go env GOPROXY GOSUMDB", "https://go.example.test|https://go2.example.test/x,direct\nsum.example.test+1234+abcd\n", "https://go.example.test/ https://go2.example.test/x https://sum.example.test/")]
    [TestCase(PresetName.Go, "go env GOPROXY GOSUMDB", "https://go.example.test,direct\noff\n", "https://go.example.test/")]
    [TestCase(PresetName.Debian, "apt-get indextargets", "http://deb.example.test/debian/\nhttp://deb.example.test/debian/\n", "http://deb.example.test/debian/")]
    public async Task A_client_is_asked_for_its_registry(string preset, string command, string output, string urls)
    {
        var runner = new RecordingCommandRunner().Answer(command, output);
        var found = await new RegistryProbe(runner, NoVariables).ProbeAsync([preset]);
        Assert.That(found[preset], Is.EqualTo(urls.Split(' ')));
        Assert.That(runner.Commands.Single().WorkingDirectory, Is.EqualTo("/"), "a repository's own configuration must not choose the hosts");
    }

    [Test]
    public async Task A_variable_of_the_client_goes_first_and_its_password_is_dropped()
    {
        var environment = new Dictionary<string, string>(NoVariables) { ["PIP_INDEX_URL"] = "https://me:hunter2@pip.example.test/simple?token=hunter2" };
        var found = await new RegistryProbe(new RecordingCommandRunner(), environment).ProbeAsync([PresetName.PyPi]);
        Assert.That(found[PresetName.PyPi], Is.EqualTo(["https://pip.example.test/simple"]));
    }

    [Test]
    public async Task Without_the_client_the_users_file_counts()
    {
        using var home = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(home.Path, ".npmrc"), "; registry=https://commented.example.test/\n@team:registry=https://scoped.example.test/\nregistry = https://npm.example.test/\n");
        var missing = new RecordingCommandRunner().Answer("npm", _ => throw new BottleException([EngineErrors.CommandFailed("npm", 127, [])]));
        var found = await new RegistryProbe(missing, new Dictionary<string, string> { ["HOME"] = home.Path }).ProbeAsync([PresetName.Npm]);
        Assert.That(found[PresetName.Npm], Is.EqualTo(["https://npm.example.test/"]));
    }

    [Test]
    public async Task Who_says_nothing_is_left_out_and_fixed_sets_ask_nobody()
    {
        var silent = new RecordingCommandRunner().Answer("npm", "undefined\n");
        var found = await new RegistryProbe(silent, NoVariables).ProbeAsync([PresetName.Npm, PresetName.Npm, PresetName.Crates, PresetName.GitHubRead]);
        Assert.That(found, Is.Empty);
        Assert.That(silent.Commands, Has.Count.EqualTo(1));
    }
}
