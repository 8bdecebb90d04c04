// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Verdict } from "./ICaseCourt.sol";

/// @notice Who is accused, of what worth, and who stands too near to judge. Fixed when the case opens.
/// @param accused Who defends itself.
/// @param joinable Whether others may join the case with a bond of their own.
/// @param bond Bond of each opener.
/// @param atStake Most that a conviction may take, before the launch's cap.
/// @param threshold Evidence that an accepting juror must have, in thousandths of a nat; 0 if none is needed.
/// @param excluded Who may not join, judge or gain.
/// @param interested Who may open and join, and may not judge.
struct Charge {
    address accused;
    bool joinable;
    uint64 bond;
    uint128 atStake;
    uint64 threshold;
    address[4] excluded;
    address[2] interested;
}

/// @notice What a case ended with.
/// @param verdict The last ruling.
/// @param graver Whether two thirds of all seats had a finding above 1.
/// @param most Most that may be taken: what was at stake, within the launch's cap and two thirds of the jurors' stakes.
/// @param cost Cost of finding the offence that accepting jurors found proven, on average.
struct Decision {
    Verdict verdict;
    bool graver;
    uint256 most;
    uint256 cost;
}

/// @title What a case is about. The court judges, whatever it is: it draws, counts, and pays bonds.
/// @notice Only the court may call the functions that write. `subject` is the number of a copy or a model. `target` says
/// what jurors test about it.
interface IMatter {
    /// @notice Only the court may call this.
    error NotCourt(address caller, address court);

    /// @notice Who stands accused, or could frame the accused, can neither open nor join the case.
    error Excluded(address account);

    /// @notice Brings a case, and freezes what is at stake until `close`. Reverts if this opener cannot bring it, and where
    /// nothing is at stake any more.
    function open(uint256 subject, bytes32 target, address opener) external returns (Charge memory);

    /// @notice Chooses which eighth of the keys a panel tests. Called when the panel is drawn.
    /// @param seed What the panel was drawn from.
    /// @param earlier Eighth of the first panel, if this is the second.
    function test(uint256 subject, bytes32 target, bytes32 seed, uint8 earlier) external returns (uint8 eighth);

    /// @notice Ends the case: takes, and releases what is left. Never reverts for a case that was opened.
    /// @return taken Amount taken from the accused.
    /// @return bounty Part of it that the court was sent for the openers.
    function close(uint256 subject, bytes32 target, Decision calldata decision)
        external
        returns (uint256 taken, uint256 bounty);

    /// @notice Whether the keys that a panel tests stand open. Without them nobody is convicted.
    function isShown(uint256 subject, bytes32 target, uint8 eighth) external view returns (bool);

    /// @notice Bond of each opener of the next case about a subject.
    function bondOf(uint256 subject) external view returns (uint64);
}
