using System.Reflection;
using System.Reflection.Emit;

namespace BlueGreen.Agent.Tests.Architecture;

/// <summary>
/// The types a type refers to: in its signatures, attributes and base types, and in the code of its methods. Constants are not
/// among them: the compiler copies their values.
/// </summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private const byte TwoBytes = 0xFE;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value);

    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        AddAll(found, type.GetInterfaces());
        AddAll(found, type.GetCustomAttributesData().Select(attribute => attribute.AttributeType));
        foreach (var member in type.GetMembers(Declared).Where(member => member is not Type))
        {
            AddMember(found, member);
            if (member is MethodBase method && method.GetMethodBody() is { } body)
            {
                AddAll(found, body.LocalVariables.Select(local => local.LocalType));
                AddAll(found, body.ExceptionHandlingClauses
                    .Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType));
                AddCode(found, method, body.GetILAsByteArray()!);
            }
        }

        return found;
    }

    private static void AddCode(HashSet<Type> found, MethodBase method, byte[] code)
    {
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            short value = code[at] == TwoBytes ? (short)((TwoBytes << 8) | code[at + 1]) : code[at];
            var instruction = OpCodesByValue[value];
            at += instruction.Size;
            if (instruction.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                AddMember(found, method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!);
            }

            at += SizeOfOperand(instruction.OperandType, code, at);
        }
    }

    /// <summary>ECMA-335, III.1.2.</summary>
    private static int SizeOfOperand(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    private static void AddMember(HashSet<Type> found, MemberInfo member)
    {
        Add(found, member as Type ?? member.DeclaringType);
        switch (member)
        {
            case FieldInfo field:
                Add(found, field.FieldType);
                break;
            case PropertyInfo property:
                Add(found, property.PropertyType);
                break;
            case MethodBase method:
                AddAll(found, method.GetParameters().Select(parameter => parameter.ParameterType));
                AddAll(found, method.IsGenericMethod ? method.GetGenericArguments() : []);
                Add(found, (method as MethodInfo)?.ReturnType);
                break;
            default:
                break;
        }
    }

    private static void AddAll(HashSet<Type> found, IEnumerable<Type?> types)
    {
        foreach (var type in types)
        {
            Add(found, type);
        }
    }

    private static void Add(HashSet<Type> found, Type? type)
    {
        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        if (type.HasElementType)
        {
            Add(found, type.GetElementType());
            return;
        }

        found.Add(type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type);
        AddAll(found, type.IsConstructedGenericType ? type.GetGenericArguments() : []);
    }
}
