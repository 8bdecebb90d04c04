// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "../lib/Types.sol";

/// @notice The fingerprints of a copy, as its `fingerprintRoot` names them.
/// @param poolRoot Root of the version's key pool.
/// @param responsesRoot Root of the copy's salted responses.
/// @param count Number of keys.
struct Codeword {
    bytes32 poolRoot;
    bytes32 responsesRoot;
    uint64 count;
}

/// @notice One key of the eighth that a panel tests.
/// @param pooled The key and its candidates, as they stand in the version's key pool.
/// @param response The copy's salted response to it.
/// @param poolSiblings Proof of the first.
/// @param responseSiblings Proof of the second.
struct OpenedKey {
    bytes pooled;
    bytes response;
    bytes32[] poolSiblings;
    bytes32[] responseSiblings;
}

/// @title Eighths of codewords that cases have opened.
/// @notice A key that anyone can read proves nothing. Each panel tests one eighth of the accused copy's codeword, which is
/// drawn with it and is spent for that copy, whatever the outcome. Nothing else spends anything, so nobody can void evidence
/// by an accusation of its own. When all eighths are spent, the copy must be minted again before it can be tried again.
///
/// Who holds the keys of a drawn eighth opens all of them here, before the ruling: without them nobody is convicted. Who
/// opens them before the votes are committed lets the accused filter them.
interface IKeyLedger {
    /// @notice Only the court may spend keys.
    error NotCourt(address caller, address court);

    /// @notice Every eighth of the copy's codeword is spent.
    error CodewordSpent(CopyId id);

    /// @notice No panel has drawn this eighth.
    error EighthNotDrawn(CopyId id, uint8 eighth);

    /// @notice These are not the fingerprints that the copy's root names.
    error CodewordInvalid(CopyId id, bytes32 fingerprintRoot);

    /// @notice The opened key does not stand at its index in the copy's fingerprints.
    error KeyInvalid(CopyId id, uint256 index);

    /// @notice An eighth was drawn and is spent.
    event Spent(CopyId indexed id, uint8 eighth);

    /// @notice A key was opened.
    event KeyOpened(CopyId indexed id, uint256 index, bytes pooled, bytes response);

    /// @notice Spends an eighth of a copy's codeword. Only the court may call this.
    /// @param seed Chooses among those that are left, each equally likely.
    /// @return eighth Number of the eighth, from 0 to 7. Its keys are those from ⌊count · eighth / 8⌋ to
    /// ⌊count · (eighth + 1) / 8⌋.
    function spend(CopyId id, bytes32 seed) external returns (uint8 eighth);

    /// @notice Opens the next keys of a drawn eighth. Anyone who holds them may call this.
    function openKeys(CopyId id, uint8 eighth, Codeword calldata codeword, OpenedKey[] calldata keys) external;

    /// @notice Number of eighths that are left.
    function left(CopyId id) external view returns (uint256);

    /// @notice Whether an eighth is spent.
    function spent(CopyId id, uint8 eighth) external view returns (bool);

    /// @notice Number of opened keys of an eighth, and of all of its keys once the first was opened.
    function progress(CopyId id, uint8 eighth) external view returns (uint32 opened, uint32 keys);

    /// @notice Whether all keys of an eighth stand open.
    function isShown(CopyId id, uint8 eighth) external view returns (bool);
}
