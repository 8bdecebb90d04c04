// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "../lib/Types.sol";

/// @notice What a court found about a refused delivery.
///
/// | ruling | price and fee | penalty | leak bond |
/// |---|---|---|---|
/// | `Usable`: the refusal was wrong | to the model and the minter | – | stays with the copy, which is active |
/// | `Defective`: it was right | to the buyer | to the buyer | released over the leak tail |
/// | `Unusable`: it was right, and the weights are of no use | to the buyer | to the buyer | to the buyer |
/// | `Unheard`: no panel decided | to the buyer | – | released over the leak tail |
enum Ruling {
    None,
    Usable,
    Defective,
    Unusable,
    Unheard
}

/// @title The courts' access to refused deliveries.
/// @notice Only the courts may call these functions. The copy registry implements them.
///
/// A buyer refuses a delivery and names the public fact that fails. The minter delivers again, gives the money back, or
/// stands by it. If it stands by it, the buyer has one answer window to open a case; without a case the delivery counts
/// as accepted. If the minter says nothing in its answer window, anyone may refund the buyer, or the buyer opens a case,
/// since only a ruling that nothing usable was delivered frees the leak bond at once.
interface IRefusals {
    /// @notice Puts a refused delivery before the court. From here on only `closeRefusal` moves it.
    /// @dev Reverts with `RefusalNotOpen` unless the minter stands by the delivery and the time to open a case has not
    /// passed, or the minter has not answered in time.
    /// @return buyer Account that refused. Only this account may open the case.
    /// @return minter Account that stands accused.
    function openRefusal(CopyId id) external returns (address buyer, address minter);

    /// @notice Rules on a delivery that is before the court. Never reverts for one that is.
    /// @param ruling Anything but `None`.
    function closeRefusal(CopyId id, Ruling ruling) external;
}
