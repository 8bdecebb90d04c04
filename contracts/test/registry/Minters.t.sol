// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry, State } from "../../src/interfaces/ICopyRegistry.sol";
import { IMinterRegistry } from "../../src/interfaces/IMinterRegistry.sol";
import { IProtocol } from "../../src/interfaces/IProtocol.sol";
import { Quote } from "../../src/lib/Quotes.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { IERC1271 } from "@openzeppelin/contracts/interfaces/IERC1271.sol";

contract JoinTest is BaseTest {
    function test_error_ProtocolPaused() public {
        vm.prank(GUARDIAN);
        protocol.pause();
        _expect(abi.encodeWithSelector(IProtocol.ProtocolPaused.selector, START + 7 days), MINTER);
    }

    function test_error_MinterBarred() public {
        vm.prank(OWNER);
        minterRegistry.setBarred(MINTER, true);
        _expect(abi.encodeWithSelector(IMinterRegistry.MinterBarred.selector, MINTER), MINTER);
    }

    function test_error_BondTooLow(uint96 bond) public {
        bond = uint96(_bound(bond, 0, BOND - 1));
        _fund(STRANGER, address(minterRegistry), bond);
        vm.prank(STRANGER);
        minterRegistry.addBond(bond);
        _expect(abi.encodeWithSelector(IMinterRegistry.BondTooLow.selector, bond, BOND), STRANGER);
    }

    function test_default() public {
        _fund(STRANGER, address(minterRegistry), BOND);
        vm.expectEmit(address(minterRegistry));
        emit IMinterRegistry.BondAdded(STRANGER, BOND, BOND);
        vm.prank(STRANGER);
        minterRegistry.addBond(BOND);
        vm.expectEmit(address(minterRegistry));
        emit IMinterRegistry.Joined(STRANGER);
        vm.prank(STRANGER);
        minterRegistry.join();
        vm.assertTrue(minterRegistry.minters(STRANGER).listed, "listed");
        vm.assertTrue(treasury.isMinter(STRANGER), "earns the minter's cut");
    }

    function _expect(bytes memory revertData, address caller) private {
        vm.expectRevert(revertData);
        vm.prank(caller);
        minterRegistry.join();
    }
}

contract SetBarredTest is BaseTest {
    function test_error_NotOwner(address caller) public {
        vm.assume(caller != OWNER);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.NotOwner.selector, caller, OWNER));
        vm.prank(caller);
        minterRegistry.setBarred(MINTER, true);
    }

    /// Open orders are not affected, and a barred minter may leave with its bond.
    function test_default_affectsLaterOrdersOnly() public {
        ModelId root = _root();
        CopyId id = _order(BUYER, root);
        Quote memory quote = _quote(BUYER, root);
        bytes memory signature = _signQuote(quote);
        vm.expectEmit(address(minterRegistry));
        emit IMinterRegistry.BarredSet(MINTER, true);
        vm.prank(OWNER);
        minterRegistry.setBarred(MINTER, true);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.MinterBarred.selector, MINTER));
        vm.prank(BUYER);
        copyRegistry.order(quote, signature);

        _deliver(id);
        vm.prank(BUYER);
        copyRegistry.accept(id);
        vm.assertEq(treasury.credit(MINTER), 1.25e6, "it earns its cut");
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.warp(START + THAW);
        vm.prank(MINTER);
        minterRegistry.withdrawBond();
        vm.assertEq(usd.balanceOf(MINTER), BOND, "it leaves with its bond");
    }

    function test_behavior_allowedAgain() public {
        vm.prank(OWNER);
        minterRegistry.setBarred(MINTER, true);
        vm.prank(OWNER);
        minterRegistry.setBarred(MINTER, false);
        _assertState(_order(BUYER, _root()), State.Ordered);
    }
}

/// @notice A minter that is a smart-contract wallet: it approves digests.
contract MinterWallet is IERC1271 {
    mapping(bytes32 digest => bool) private _approved;

    function approve(bytes32 digest) external {
        _approved[digest] = true;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return _approved[digest] ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

contract QuoteTest is BaseTest {
    ModelId private root;

    function setUp() public override {
        super.setUp();
        root = _root();
    }

    function test_error_NotCopyRegistry(address caller) public {
        vm.assume(caller != address(copyRegistry));
        Quote memory quote = _quote(BUYER, root);
        bytes memory refused =
            abi.encodeWithSelector(IMinterRegistry.NotCopyRegistry.selector, caller, address(copyRegistry));
        vm.expectRevert(refused);
        vm.prank(caller);
        minterRegistry.take(_copyId(1), quote, "");
        vm.expectRevert(refused);
        vm.prank(caller);
        minterRegistry.release(MINTER, 1);
        vm.expectRevert(refused);
        vm.prank(caller);
        minterRegistry.penalize(MINTER, BUYER, 1);
    }

    function test_error_MinterNotListed() public {
        Quote memory quote = _quote(BUYER, root);
        vm.prank(MINTER);
        minterRegistry.resign();
        _expect(abi.encodeWithSelector(IMinterRegistry.MinterNotListed.selector, MINTER), quote);
    }

    function test_error_QuoteExpired(uint64 late) public {
        late = uint64(_bound(late, 1, 1000 days));
        Quote memory quote = _quote(BUYER, root);
        vm.warp(quote.expiresAt);
        _assertState(_order(quote), State.Ordered);
        quote.salt = "another";
        vm.warp(quote.expiresAt + late);
        _expect(
            abi.encodeWithSelector(ICopyRegistry.QuoteExpired.selector, quote.expiresAt + late, quote.expiresAt), quote
        );
    }

    function test_error_QuoteUsed() public {
        Quote memory quote = _quote(BUYER, root);
        bytes32 digest = minterRegistry.quoteDigest(quote);
        vm.assertEq(CopyId.unwrap(minterRegistry.orderOf(digest)), 0, "not yet");
        CopyId id = _order(quote);
        vm.assertEq(CopyId.unwrap(minterRegistry.orderOf(digest)), CopyId.unwrap(id), "used");
        _expect(abi.encodeWithSelector(IMinterRegistry.QuoteUsed.selector, digest, 1), quote);
    }

    /// The bond covers every penalty that it was reserved for.
    function test_error_BondTooLow(uint64 first, uint64 second) public {
        first = uint64(_bound(first, 0, BOND));
        second = uint64(_bound(second, BOND - first + 1, type(uint64).max));
        Quote memory quote = _quote(BUYER, root);
        quote.penalty = first;
        CopyId id = _order(quote);
        quote = _quote(BUYER, root);
        quote.penalty = second;
        _expect(abi.encodeWithSelector(IMinterRegistry.BondTooLow.selector, BOND, uint256(first) + second), quote);
        _deliver(id);
        vm.prank(BUYER);
        copyRegistry.accept(id);
        quote.penalty = BOND;
        _assertState(_order(quote), State.Ordered);
    }

    /// A quote binds every field: whoever changes one has no signature. P31, P32.
    function test_error_QuoteInvalid_P31(uint256 field, uint64 change) public {
        Quote memory quote = _quote(BUYER, root);
        bytes memory signature = _signQuote(quote);
        field = field % 4;
        change = uint64(_bound(change, 1, DELIVER_WINDOW - 1));
        if (field == 0) quote.fee += uint32(change);
        if (field == 1) quote.secondsToDeliver -= uint32(change);
        if (field == 2) quote.penalty += change;
        if (field == 3) quote.salt = bytes32(uint256(quote.salt) + change);
        _expectInvalid(quote, signature);
    }

    function test_error_QuoteInvalid_ofAnotherSigner_P32(uint256 key) public {
        key = _bound(key, 1, type(uint128).max);
        vm.assume(key != MINTER_KEY);
        Quote memory quote = _quote(BUYER, root);
        _expectInvalid(quote, _signQuote(key, quote));
    }

    function test_error_QuoteInvalid_ofAnotherContract_P32() public {
        Quote memory quote = _quote(BUYER, root);
        bytes32 words = keccak256(abi.encode(keccak256("wrong"), quote));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(MINTER_KEY, _digest("Kinmark", address(copyRegistry), words));
        _expectInvalid(quote, abi.encodePacked(r, s, v));
    }

    /// The penalty is reserved until the copy is accepted, and then free for the next order.
    function test_default() public {
        Quote memory quote = _quote(BUYER, root);
        (quote.fee, quote.secondsToDeliver, quote.penalty) = (3e6, 1 hours, 400e6);
        CopyId id = _order(quote);
        vm.assertEq(minterRegistry.minters(MINTER).reserved, 400e6, "reserved");
        vm.assertEq(copyRegistry.copies(id).deadline, START + 1 hours, "the promise is the deadline");
        _deliver(id);
        vm.assertEq(minterRegistry.minters(MINTER).reserved, 400e6, "still reserved");
        vm.prank(BUYER);
        copyRegistry.accept(id);
        vm.assertEq(minterRegistry.minters(MINTER).reserved, 0, "free");
        vm.assertEq(minterRegistry.minters(MINTER).bond, BOND, "the bond is whole");
        vm.assertEq(treasury.credit(MINTER), 1.25e6 + 3e6, "cut and fee");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 50e6, "the collateral");
    }

    /// A smart-contract wallet may mint, and signs by ERC-1271. P34
    function test_behavior_aContractMints_P34() public {
        MinterWallet wallet = new MinterWallet();
        _join(address(wallet));
        _offer(root, address(wallet));
        Quote memory quote = _quote(BUYER, root);
        quote.minter = address(wallet);
        _expect(
            abi.encodeWithSelector(
                IMinterRegistry.QuoteInvalid.selector, address(wallet), minterRegistry.quoteDigest(quote)
            ),
            quote
        );
        wallet.approve(minterRegistry.quoteDigest(quote));
        CopyId id = _order(quote);
        vm.prank(address(wallet));
        copyRegistry.deliver(id, _delivery());
        _assertState(id, State.Delivered);
    }

    function _expect(bytes memory revertData, Quote memory quote) private {
        bytes memory signature = _signQuote(quote);
        vm.expectRevert(revertData);
        vm.prank(BUYER);
        copyRegistry.order(quote, signature);
    }

    function _expectInvalid(Quote memory quote, bytes memory signature) private {
        bytes32 digest = minterRegistry.quoteDigest(quote);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.QuoteInvalid.selector, MINTER, digest));
        vm.prank(BUYER);
        copyRegistry.order(quote, signature);
    }
}

contract LeaveTest is BaseTest {
    function test_error_MinterNotListed(address account) public {
        vm.assume(account != MINTER);
        vm.expectRevert(abi.encodeWithSelector(IMinterRegistry.MinterNotListed.selector, account));
        vm.prank(account);
        minterRegistry.resign();
    }

    function test_error_NotLeaving(address account) public {
        _expect(abi.encodeWithSelector(IMinterRegistry.NotLeaving.selector, account), account);
    }

    function test_error_BondThawing_P19(uint64 wait) public {
        wait = uint64(_bound(wait, 0, THAW - 1));
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.warp(START + wait);
        _expect(abi.encodeWithSelector(IMinterRegistry.BondThawing.selector, START + wait, START + THAW), MINTER);
    }

    /// The bond cannot leave while a penalty is reserved in it. Anyone may refund the order.
    function test_error_BondReserved_P19() public {
        CopyId id = _order(BUYER, _root());
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.warp(START + THAW);
        _expect(abi.encodeWithSelector(IMinterRegistry.BondReserved.selector, PENALTY), MINTER);

        copyRegistry.refund(id);
        vm.prank(MINTER);
        minterRegistry.withdrawBond();
        vm.assertEq(usd.balanceOf(MINTER), BOND - PENALTY, "the bond minus the penalty");
    }

    function test_default() public {
        vm.expectEmit(address(minterRegistry));
        emit IMinterRegistry.Leaving(MINTER, uint64(START) + THAW);
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.warp(START + THAW);
        vm.expectEmit(address(minterRegistry));
        emit IMinterRegistry.Left(MINTER, BOND);
        vm.prank(MINTER);
        minterRegistry.withdrawBond();
        vm.assertEq(usd.balanceOf(MINTER), BOND, "the bond");
        vm.assertEq(minterRegistry.minters(MINTER).bond, 0, "nothing is left");
        vm.assertFalse(treasury.isMinter(MINTER), "no cut any more");
        _expect(abi.encodeWithSelector(IMinterRegistry.NotLeaving.selector, MINTER), MINTER);
    }

    /// Joining again cancels the resignation. The next one starts a full thaw.
    function test_behavior_joiningAgainCancelsTheResignation() public {
        vm.prank(MINTER);
        minterRegistry.resign();
        vm.prank(MINTER);
        minterRegistry.join();
        vm.warp(START + THAW);
        _expect(abi.encodeWithSelector(IMinterRegistry.NotLeaving.selector, MINTER), MINTER);
        _assertState(_order(BUYER, _root()), State.Ordered);
    }

    function _expect(bytes memory revertData, address caller) private {
        vm.expectRevert(revertData);
        vm.prank(caller);
        minterRegistry.withdrawBond();
    }
}
