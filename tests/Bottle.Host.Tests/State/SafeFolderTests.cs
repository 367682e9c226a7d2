using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.State;

[Parallelizable(ParallelScope.All)]
public sealed class SafeFolderTests
{
    [Test]
    public void Every_folder_that_is_made_on_the_way_is_closed_to_others()
    {
        using var folder = new TemporaryFolder();
        SafeFolder.Create(Path.Combine(folder.Path, "a/b/c"));
        foreach (var made in (string[])["a", "a/b", "a/b/c"])
            Assert.That(Convert.ToString((int)File.GetUnixFileMode(Path.Combine(folder.Path, made)), 8), Is.EqualTo("700"), made);
    }
}
