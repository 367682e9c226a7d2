namespace Cake.Frosting;

// The names and shapes are those of the Cake.Frosting package, which the build environment's registry lacks (src/decisions/0001): the package can take this folder's place.

/// <summary>A task's name where it is not the class's.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TaskNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}

/// <summary>The line that <c>--description</c> shows.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TaskDescriptionAttribute(string description) : Attribute
{
    /// <summary>The line.</summary>
    public string Description { get; } = description;
}

/// <summary>A task that runs before this one.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IsDependentOnAttribute(Type task) : Attribute
{
    /// <summary>The other task's class.</summary>
    public Type Task { get; } = task;
}

/// <summary>A task that runs after this one.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IsDependeeOfAttribute(Type task) : Attribute
{
    /// <summary>The other task's class.</summary>
    public Type Task { get; } = task;
}
