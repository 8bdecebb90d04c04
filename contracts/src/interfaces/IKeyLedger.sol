// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "../lib/Types.sol";

/// @title Eighths of codewords that cases have opened.
/// @notice A key that anyone can read proves nothing. Each panel opens one eighth of the accused copy's codeword, and what
/// it opens is spent for that copy, whatever the outcome. Nothing else spends anything, so nobody can void evidence by an
/// accusation of its own. When all eighths are spent, the copy must be minted again before it can be tried again.
interface IKeyLedger {
    /// @notice Only the court may spend keys.
    error NotCourt(address caller, address court);

    /// @notice Every eighth of the copy's codeword is spent.
    error CodewordSpent(CopyId id);

    /// @notice An eighth was opened and is spent.
    event Spent(CopyId indexed id, uint8 eighth);

    /// @notice Spends an eighth of a copy's codeword. Only the court may call this.
    /// @param seed Chooses among those that are left, each equally likely.
    /// @return eighth Number of the eighth, from 0 to 7. Its keys are those from ⌊count · eighth / 8⌋ to
    /// ⌊count · (eighth + 1) / 8⌋.
    function spend(CopyId id, bytes32 seed) external returns (uint8 eighth);

    /// @notice Number of eighths that are left.
    function left(CopyId id) external view returns (uint256);

    /// @notice Whether an eighth is spent.
    function spent(CopyId id, uint8 eighth) external view returns (bool);
}
