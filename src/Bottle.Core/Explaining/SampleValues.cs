using System.Reflection;
using System.Runtime.CompilerServices;
using Bottle.Core.Diagnostics;

namespace Bottle.Core.Explaining;

/// <summary>Invented values for the catalogue's factory methods, so that each can show a message as it comes out.</summary>
internal static class SampleValues
{
    private const int DeepestValue = 6;

    private static readonly Dictionary<string, string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "api.example.com",
        ["otherHost"] = "*.example.com",
        ["routeHost"] = "git.example.com",
        ["path"] = "/v1/users",
        ["method"] = "POST",
        ["url"] = "https://api.example.com/v1/users",
        ["identity"] = "dev-k3x9a",
        ["agent"] = "dev",
        ["bottle"] = "dev",
        ["name"] = "dev",
        ["target"] = "Start",
        ["stage"] = "ComposeUp",
        ["key"] = "egres",
        ["variable"] = "API_TOKEN",
        ["file"] = "bottles/dev.md",
        ["folder"] = "rendered",
        ["project"] = "claude-bottle-dev-k3x9a",
        ["service"] = "agent",
        ["container"] = "claude-bottle-dev-k3x9a",
        ["image"] = "bottle-agent",
        ["command"] = "docker compose up --wait",
        ["reason"] = "the reason",
        ["subject"] = "bottle 'dev'",
        ["where"] = "bottles/dev.md:7",
        ["address"] = "203.0.113.7",
        ["pool"] = "10.213.0.0/16",
        ["text"] = "GET https://api.example.com/v1/users",
        ["value"] = "text",
        ["example"] = "dotnet cake --target=Start --agent=dev",
        ["wanted"] = "text or json",
        ["slot"] = "EGRESS_TOKEN_0",
        ["commandLine"] = "dotnet cake --target=Start --agent=dev --setup",
        ["trustCommand"] = "dotnet cake --target=Trust --agent=dev",
        ["preset"] = "npm",
        ["scheme"] = "Bearer",
        ["hash"] = "0123456789ab",
    };

    /// <summary>Calls a static method with invented arguments; null when that cannot be done.</summary>
    public static object? Invoke(MethodInfo method)
    {
        try
        {
            return method.Invoke(null, [.. method.GetParameters().Select(parameter => Of(parameter.ParameterType, parameter.Name!, 0))]);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static object? Of(Type type, string name, int depth) => true switch
    {
        _ when type == typeof(string) => Texts.GetValueOrDefault(name, name),
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) => 3,
        _ when type == typeof(long) => 52_428_800L,
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(30),
        _ when type == typeof(SourceSpan) => new SourceSpan("bottles/dev.md", 7, 5),
        _ when type == typeof(Diagnostic) => new Diagnostic { Code = "BTL0000", Message = "'docker compose up --wait' ended with exit code 1", Why = "its last lines", Fix = "mend what they say, and start again" },
        _ when type == typeof(Exception) => new InvalidOperationException("something that nobody expected"),
        _ when Nullable.GetUnderlyingType(type) is { } inner => Of(inner, name, depth),
        _ when type.IsValueType && type.Namespace == nameof(System) => Activator.CreateInstance(type),
        _ when type.IsEnum => type.GetEnumValues().GetValue(0),
        _ when ItemOf(type) is { } item => List(item, name, depth),
        _ when type.IsInterface || depth > DeepestValue => null,
        _ when type.IsAbstract => type.GetNestedTypes().FirstOrDefault(nested => nested.IsAssignableTo(type)) is { } first ? Of(first, name, depth + 1) : null,
        _ => Record(type, depth + 1),
    };

    private static Type? ItemOf(Type type) =>
        type.IsArray ? type.GetElementType() : type is { IsInterface: true, IsGenericType: true } && type.GetGenericArguments() is [var item] && item.MakeArrayType().IsAssignableTo(type) ? item : null;

    private static Array List(Type item, string name, int depth)
    {
        var list = Array.CreateInstance(item, 1);
        list.SetValue(Of(item, Singular(name), depth + 1), 0);
        return list;
    }

    // hosts: api.example.com
    private static string Singular(string name) => name.EndsWith('s') ? name[..^1] : name;

    private static object Record(Type type, int depth)
    {
        // Records with required members have no constructor of use here; their members are set all the same.
        var constructor = type.GetConstructors().OrderByDescending(candidate => candidate.GetParameters().Length).FirstOrDefault();
        var made = constructor is null ? RuntimeHelpers.GetUninitializedObject(type)
            : constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType, parameter.Name!, depth))]);
        foreach (var property in type.GetProperties().Where(property => property is { CanWrite: true } && property.GetIndexParameters().Length == 0 && property.GetValue(made) is null))
            if (property.PropertyType != type)
                property.SetValue(made, Of(property.PropertyType, property.Name, depth));
        return made;
    }
}
