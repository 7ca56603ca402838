using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Privacy;

/// <summary>The record of destruction: a row for each rule and day, so that it stays short however often a rule works.</summary>
internal static class DestructionRows
{
    public static Task Note(WriteScope scope, string rule, string place, string category, long count, DateTimeOffset now) => scope.Connection.ExecuteAsync(
        """
        INSERT INTO trust_destruction (rule, day, place, category, count, until) VALUES (@rule, @day, @place, @category, @count, @until)
        ON CONFLICT (rule, day) DO UPDATE SET count = trust_destruction.count + @count, until = @until
        """,
        new { rule, day = Day(DateOnly.FromDateTime(now.UtcDateTime)), place, category, count, until = now.ToMicros() },
        scope.Transaction);

    public static long Day(DateOnly day) => day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static DateOnly Day(long day) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)day);
}
