// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IMatter } from "./IMatter.sol";

/// @title Cases about refused deliveries.
/// @notice The subject is the copy, and its minter stands accused. Only the buyer who refused opens the case. The target has
/// no meaning. No key is opened, no collateral is taken, and `IRefusals` says what follows from the ruling: a finding of 2 by
/// two thirds of all seats says that nothing usable was delivered.
interface IRefusalCases is IMatter {
    /// @notice Only the buyer who refused the delivery may open the case.
    error NotRefuser(address caller, address buyer);
}
