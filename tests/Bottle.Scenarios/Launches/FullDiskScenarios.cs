using System.Text.RegularExpressions;
using Bottle.Host.Processes;

namespace Bottle.Scenarios.Launches;

/// <summary>A disk that is full at every page of a launch in turn (attacks.md 39): a clear error, nothing left, and with room the same command works.</summary>
[RequiresEngine]
internal sealed partial class FullDiskScenarios
{
    private const string WithEgress = "egress: {routes: [{host: api.demo.test}]}";

    // Some sizes between nothing and enough; each one with BOTTLE_ALL_SIZES=1, which takes minutes.
    private static readonly int Step = Environment.GetEnvironmentVariable("BOTTLE_ALL_SIZES") == "1" ? 1 : 9;

    [Test]
    public async Task Wherever_the_disk_is_full_a_start_says_so_and_leaves_nothing()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(WithEgress, "['true']");
        await using var disk = await SmallDisk.MountAsync(home.Home.Root);
        home.WriteManifests(WithEgress, "['true']");
        string[] start = ["start", "scenario", "--yes", "--setup"];
        Assert.That((await Tool.RunAsync(home, start)).Code, Is.Zero, "the images are there from now on");

        var refused = 0;
        for (var pages = 0; ; pages += Step)
        {
            await disk.LeaveAsync(pages);
            var (code, output, error) = await Tool.RunAsync(home, start);
            Assert.That(await home.LeftAsync(), Is.Empty, $"{pages} pages of room\n{output}{error}");
            if (code == 0) break;
            refused++;
            Assert.That(code, Is.EqualTo(13), $"{pages} pages of room\n{output}{error}");
            Assert.That(error, Does.Contain("BTL3106").And.Contain("No space left"), output);
            Assert.That(pages, Is.LessThan(1000), "it never had enough");
        }
        Assert.That(refused, Is.GreaterThan(2));
        await disk.LeaveAsync(1000);
        Assert.That((await Tool.RunAsync(home, start)).Code, Is.Zero, "with room the same command works");
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    /// <summary>A tmpfs whose free room can be chosen, in pages; it is unmounted at the end.</summary>
    private sealed partial class SmallDisk : IAsyncDisposable
    {
        private const int Page = 4096;
        private readonly string folder;

        private SmallDisk(string folder) => this.folder = folder;

        internal static async Task<SmallDisk> MountAsync(string folder)
        {
            var mounted = await new CommandRunner().RunAsync(new Command("mount", "-t", "tmpfs", "-o", "size=16m", "bottle-test", folder));
            Assume.That(mounted.Succeeded, "a small disk needs the right to mount one: " + mounted.Error);
            return new SmallDisk(folder);
        }

        internal async Task LeaveAsync(int pages)
        {
            var used = await new CommandRunner().RunCheckedAsync(new Command("df", "--output=used", "-B", $"{Page}", folder));
            var size = (long.Parse(Number().Match(used.Output).Value, System.Globalization.CultureInfo.InvariantCulture) + pages) * Page;
            await new CommandRunner().RunCheckedAsync(new Command("mount", "-o", $"remount,size={size}", folder));
        }

        public async ValueTask DisposeAsync() => await new CommandRunner().RunAsync(new Command("umount", folder));

        [GeneratedRegex("[0-9]+")]
        private static partial Regex Number();
    }
}
