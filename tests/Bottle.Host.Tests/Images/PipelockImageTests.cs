using Bottle.Core.Diagnostics;
using Bottle.Host.Images;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Images;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PipelockImageTests : IDisposable
{
    private const string First = "ghcr.io/luckypipewrench/pipelock@sha256:aaaa";
    private const string Other = "ghcr.io/luckypipewrench/pipelock@sha256:bbbb";

    private readonly FakeRepository repository = new();
    private readonly RecordingCommandRunner runner = new();

    public void Dispose() => repository.Dispose();

    private string LockFile => Path.Combine(repository.Path, "home/images.lock");

    private PipelockImage Image => new(runner, new ImagePuller(runner, _ => { }), new ImageCatalogue(repository.Path), LockFile);

    [Test]
    public async Task The_first_pull_records_the_digest()
    {
        runner.Answer("image inspect", "", 1, "No such image").Answer("image inspect", First + "\n").Answer("docker pull", "2.3.0: Pulling from luckypipewrench/pipelock\n");
        var pipelock = await Image.ResolveAsync(standInIsPermitted: true);
        Assert.That(pipelock, Is.EqualTo(new PipelockReference(PipelockImage.Pinned, IsStandIn: false)));
        Assert.That(await File.ReadAllTextAsync(LockFile), Is.EqualTo($"{PipelockImage.Pinned} sha256:aaaa\n"));
    }

    [Test]
    public async Task A_recorded_digest_is_not_recorded_again_and_nothing_is_pulled()
    {
        runner.Answer("image inspect", First);
        await Image.ResolveAsync(standInIsPermitted: false);
        await Image.ResolveAsync(standInIsPermitted: false);
        Assert.That(await File.ReadAllLinesAsync(LockFile), Has.Length.EqualTo(1));
        Assert.That(runner.Lines, Has.None.Contains("pull"));
    }

    [Test]
    public async Task Another_digest_under_the_same_tag_is_refused()
    {
        runner.Answer("image inspect", First).Answer("image inspect", Other);
        await Image.ResolveAsync(standInIsPermitted: true);
        var error = (await Assert.ThrowsAsync<BottleException>(() => Image.ResolveAsync(standInIsPermitted: true)))!.Diagnostics[0];
        Assert.That(error.Code, Is.EqualTo("BTL4016"));
        Assert.That(error.Why, Is.EqualTo("recorded sha256:aaaa, found sha256:bbbb"));
    }

    [Test]
    public async Task An_unreadable_record_is_an_error_with_its_line()
    {
        repository.Write("home/images.lock", "some/other:1 sha256:1234\nwhat is this line\n");
        runner.Answer("image inspect", First);
        var error = (await Assert.ThrowsAsync<BottleException>(() => Image.ResolveAsync(standInIsPermitted: true)))!.Diagnostics[0];
        Assert.That((error.Code, error.Message), Is.EqualTo(("BTL4017", $"{LockFile}:2 is not 'REFERENCE sha256:DIGEST'")));
    }

    [Test]
    public async Task Where_it_cannot_be_pulled_the_error_names_the_option()
    {
        runner.Answer("image inspect", "", 1, "No such image").Answer("docker pull", "", 1, "dial tcp: no such host\n");
        var error = (await Assert.ThrowsAsync<BottleException>(() => Image.ResolveAsync(standInIsPermitted: false)))!.Diagnostics[0];
        Assert.That(error.Code, Is.EqualTo("BTL4015"));
        Assert.That(error.Fix, Does.Contain("--allow-stand-in").And.Contain("BOTTLE_PIPELOCK_IMAGE"));
    }

    [Test]
    public async Task The_stand_in_is_named_as_such_with_the_reason()
    {
        runner.Answer("image inspect", "", 1, "No such image").Answer("docker pull", "", 1, "dial tcp: no such host\n");
        var pipelock = await Image.ResolveAsync(standInIsPermitted: true);
        Assert.That(pipelock.IsStandIn);
        Assert.That(pipelock.Reference, Does.StartWith("bottle-pipelock-stand-in:"));
        Assert.That(pipelock.Why, Does.Contain("no such host"));
        Assert.That(File.Exists(LockFile), Is.False);
    }
}
