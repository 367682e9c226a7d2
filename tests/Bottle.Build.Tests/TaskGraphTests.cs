using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using Bottle.Build;
using Cake.Frosting;

namespace Bottle.Build.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class TaskGraphTests
{
    private static IReadOnlyList<Type> Tasks => TaskRegistration.TaskTypes;

    [TestCaseSource(nameof(Tasks))]
    public void Every_task_says_what_it_does(Type task) =>
        Assert.That(task.GetCustomAttribute<TaskDescriptionAttribute>()?.Description, Is.Not.Null.And.Not.Empty);

    [Test]
    public void Every_stage_of_the_list_is_a_task() =>
        Assert.That(Tasks.Select(TaskRegistration.NameOf), Is.SupersetOf(Stages.Launch.Concat(Stages.Teardown)));

    [Test]
    public void A_stage_depends_only_on_stages_that_come_before_it()
    {
        var order = Stages.Launch.Concat(Stages.Teardown).ToList();
        foreach (var task in Tasks.Where(task => order.Contains(task.Name)))
            foreach (var edge in task.GetCustomAttributes<IsDependentOnAttribute>())
                Assert.That(order.IndexOf(edge.Task.Name), Is.LessThan(order.IndexOf(task.Name)).And.Not.Negative, $"{task.Name} on {edge.Task.Name}");
    }

    [Test]
    public void Teardown_depends_on_nothing() =>
        Assert.That(Tasks.Where(task => Stages.Teardown.Contains(task.Name)).SelectMany(task => task.GetCustomAttributes<IsDependentOnAttribute>()), Is.Empty);

    [Test]
    public void Stages_that_run_side_by_side_do_not_depend_on_each_other()
    {
        var beside = Tasks.Where(task => task.IsDefined(typeof(SideBySideAttribute))).ToList();
        Assert.That(beside.Select(task => task.Name), Has.Member("MintCertificates").And.Member("BuildImages"));
        foreach (var task in beside)
            Assert.That(task.GetCustomAttributes<IsDependentOnAttribute>().Select(edge => edge.Task).Intersect(beside), Is.Empty, task.Name);
    }

    [Test]
    public void Every_stage_that_writes_files_for_containers_is_known_to_ComposeUp() =>
        Assert.That(Stages.Files, Is.EquivalentTo(Stages.Launch.Where(name => name.StartsWith("Render", StringComparison.Ordinal) || name is "MintCertificates" or "WriteCompose")));

    [Test]
    public void Cake_is_of_one_version_in_the_tool_manifest_and_in_the_packages()
    {
        var root = RepositoryRoot();
        using var tools = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, ".config", "dotnet-tools.json")));
        var tool = tools.RootElement.GetProperty("tools").GetProperty("cake.tool").GetProperty("version").GetString();
        var package = XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion").Single(e => (string?)e.Attribute("Include") == "Cake.Tool");
        Assert.That((string?)package.Attribute("Version"), Is.EqualTo(tool));
    }

    [Test]
    public void The_script_stays_short() =>
        Assert.That(File.ReadAllLines(Path.Combine(RepositoryRoot(), "bottle.cake")), Has.Length.LessThanOrEqualTo(60));

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "bottle.cake"))) folder = folder.Parent;
        return folder.FullName;
    }
}
