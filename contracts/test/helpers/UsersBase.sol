// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { SignedVoucher } from "../../src/interfaces/IUserLedger.sol";
import { Report } from "../../src/lib/Receipts.sol";
import { CopyId } from "../../src/lib/Types.sol";
import { ServingBase } from "./ServingBase.sol";

/// @notice A user who has reserved money for the host of a copy. The copy's fee is 1,000 units of the token for a token
/// served.
abstract contract UsersBase is ServingBase {
    uint256 internal constant USER_KEY = 0x05e4;
    uint256 internal constant SESSION_KEY = 0x5e55;
    uint64 internal constant RESERVED = 10e6;

    address internal immutable USER = vm.addr(USER_KEY);
    address internal immutable SESSION = vm.addr(SESSION_KEY);

    function setUp() public virtual override {
        super.setUp();
        _withdrawEscrow();
        _reserve(USER, copyId, RESERVED);
    }

    /// @dev The host owns nothing: it has no escrow.
    function _withdrawEscrow() private {
        vm.prank(BUYER);
        ledger.requestWithdrawal(copyId, 100e6);
        vm.warp(START + 2 days);
        ledger.withdraw(copyId);
        vm.prank(BUYER);
        usd.transfer(STRANGER, 100e6);
        epoch = protocol.epoch();
    }

    function _reserve(address user, CopyId id, uint64 amount) internal {
        _fund(user, address(users), amount);
        vm.prank(user);
        users.deposit(amount);
        vm.prank(user);
        users.reserve(id, amount);
    }

    function _voucher(uint256 key, address user, uint64 units, uint64 amount)
        internal
        view
        returns (SignedVoucher memory)
    {
        bytes32 digest = users.voucherDigest(copyId, user, units, amount);
        return SignedVoucher(user, units, amount, _signature(key, digest));
    }

    function _settle(SignedVoucher memory voucher) internal returns (uint256) {
        SignedVoucher[] memory vouchers = new SignedVoucher[](1);
        vouchers[0] = voucher;
        vm.prank(BUYER);
        return users.settle(copyId, vouchers);
    }

    function _settle(uint64 units, uint64 amount) internal returns (uint256) {
        return _settle(_voucher(USER_KEY, USER, units, amount));
    }

    /// @dev The host reports an epoch with this many tokens.
    function _reportUnits(uint64 units) internal {
        _afterEpoch();
        _file(Report(copyId, epoch, 1, units, keccak256("root")));
        ++epoch;
    }
}
