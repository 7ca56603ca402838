using Madang.Operations;

namespace Madang.Web;

/// <summary>All that the page of tasks shows.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Data">The world.</param>
/// <param name="Tasks">The tasks of this page.</param>
/// <param name="Departments">The departments that have tasks.</param>
public sealed record TasksView(Visit Visit, CityData Data, IReadOnlyList<CityTask> Tasks, IReadOnlyList<TaskDepartment> Departments)
{
    /// <summary>So many tasks are one page.</summary>
    public const int Top = 50;

    /// <summary>Which tasks are shown.</summary>
    public required string State { get; init; }

    /// <summary>Of which department, by its Korean name; null for all.</summary>
    public string? Department { get; init; }

    /// <summary>True when that is the reader's own, and nobody asked for it.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The form as it was sent.</summary>
    public required Filled Filled { get; init; }

    /// <summary>What was done now, in words.</summary>
    public string? Done { get; init; }

    /// <summary>How many are open, of all departments.</summary>
    public int Open => Departments.Sum(each => each.Open);

    /// <summary>How many of these are late.</summary>
    public int Late => Departments.Sum(each => each.Late);
}
